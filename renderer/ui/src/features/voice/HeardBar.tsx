/** A recorded answer before it is handed in: listen, read the words, keep it or not, speak again. */

import type { Signal } from "@preact/signals";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import type { Recording } from "../../contracts.gen";
import { PlayBar } from "./PlayBar";
import type { Player } from "./player";
import type { SpokenAnswers } from "./spoken-answers";

export interface HeardBarProps {
  spoken: SpokenAnswers;
  recording: Recording;
  player: Player;
  wordByWord: Signal<boolean>;
}

export function HeardBar({ spoken, recording, player, wordByWord }: HeardBarProps) {
  const { transcript, problem, session_question_id: questionId } = recording;
  const words = transcript?.words ?? [];
  const byDefault = useApp().settings.value?.voice.keep_recordings ?? true;
  const keep = spoken.kept(questionId) ?? byDefault;
  return (
    <div class="heard">
      <ErrorNote error={problem} />
      <ErrorNote error={spoken.error.value} />
      <PlayBar
        player={player}
        durationMs={recording.duration_ms}
        pauses={transcript?.pauses ?? []}
        fillers={words.filter(({ filler }) => filler)}
      />
      <div class="heard-foot">
        {words.length > 0 && (
          <Button
            look="quiet"
            icon={wordByWord.value ? "edit" : "speaker"}
            onClick={() => (wordByWord.value = !wordByWord.peek())}
          >
            {wordByWord.value ? "Correct the text" : "Listen word by word"}
          </Button>
        )}
        <Button look="quiet" icon="again" onClick={() => void spoken.start(questionId)}>
          Speak again
        </Button>
        <label class="keep-choice">
          <input
            type="checkbox"
            checked={keep}
            onChange={(event) => spoken.choose(questionId, event.currentTarget.checked)}
          />
          Keep the recording
        </label>
      </div>
    </div>
  );
}
