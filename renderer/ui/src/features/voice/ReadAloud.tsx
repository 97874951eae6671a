/** The interviewer's voice: reads the question, of itself where that is wished for. */

import { useEffect } from "preact/hooks";
import { Button } from "../../components/button";
import { useApp } from "../../context";
import { speechUrl, usePlayer } from "./player";

export interface ReadAloudProps {
  questionId: string;
  /** Whether the answer is spoken: then the question may be, too. */
  speaking: boolean;
  /** While the microphone listens, nothing is read. */
  silent: boolean;
}

export function ReadAloud({ questionId, speaking, silent }: ReadAloudProps) {
  const wished = useApp().settings.value?.voice.read_questions ?? false;
  const player = usePlayer(speechUrl(questionId));
  const byItself = speaking && wished;
  useEffect(() => {
    if (byItself && !silent) player.play();
  }, [player, byItself]);
  useEffect(() => {
    if (silent) player.stop();
  }, [silent]);
  const playing = player.playing.value;
  return (
    <div class="read-aloud">
      {player.failed.value && (
        <span class="hint" role="status">
          There is no voice to read it.
        </span>
      )}
      <Button
        look="quiet"
        icon={playing ? "stop" : "speaker"}
        disabled={silent}
        onClick={() => (playing ? player.stop() : player.play())}
      >
        {playing ? "Stop reading" : player.waiting.value ? "One moment…" : "Read it aloud"}
      </Button>
    </div>
  );
}
