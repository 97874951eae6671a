/** Where the answer comes into being: typed, or spoken and then corrected. */

import { useSignal } from "@preact/signals";
import type { Ref } from "preact";
import { useEffect } from "preact/hooks";
import { Segments } from "../../components/choices";
import type { Recording } from "../../contracts.gen";
import { HeardBar } from "../voice/HeardBar";
import { canListen } from "../voice/microphone";
import { recordingUrl, usePlayer } from "../voice/player";
import { ReadAloud } from "../voice/ReadAloud";
import { SpeakPanel } from "../voice/SpeakPanel";
import type { SpokenAnswers } from "../voice/spoken-answers";
import { Words } from "../voice/Words";
import { AnswerEditor } from "./AnswerEditor";
import type { InterviewModel } from "./model";

export interface AnswerAreaProps {
  model: InterviewModel;
  spoken: SpokenAnswers;
  editor: Ref<HTMLTextAreaElement>;
}

const WAYS = [
  { value: "type", label: "Type" },
  { value: "speak", label: "Speak" },
] as const;

export function AnswerArea({ model, spoken, editor }: AnswerAreaProps) {
  const { id } = model.question.value;
  if (!canListen()) return <AnswerEditor model={model} editor={editor} />;
  const way = spoken.way.value;
  const recording = spoken.of(id);
  const idle = spoken.recorder.stage.value === "idle";
  const heard = idle && (recording?.state === "ready" || recording?.state === "failed");
  return (
    <>
      <div class="answer-ways">
        <Segments
          label="How to answer"
          options={WAYS}
          value={way}
          onChange={(chosen) => choose(spoken, chosen)}
        />
        <ReadAloud questionId={id} speaking={way === "speak"} silent={!idle} />
      </div>
      {way === "type" && <AnswerEditor model={model} editor={editor} />}
      {way === "speak" && !heard && (
        <SpeakPanel spoken={spoken} questionId={id} written={model.text.value.trim() !== ""} />
      )}
      {way === "speak" && heard && recording && (
        <HeardAnswer key={recording.id} {...{ model, spoken, editor, recording }} />
      )}
    </>
  );
}

function choose(spoken: SpokenAnswers, way: (typeof WAYS)[number]["value"]): void {
  if (way === "type") void spoken.stop();
  spoken.way.value = way;
}

function HeardAnswer({ model, spoken, editor, recording }: AnswerAreaProps & { recording: Recording }) {
  const player = usePlayer(recordingUrl(recording.id));
  const wordByWord = useSignal(false);
  const words = recording.transcript?.words ?? [];
  useEffect(() => {
    if (!wordByWord.peek() && editor && "current" in editor) editor.current?.focus();
  }, [wordByWord.value]);
  return (
    <>
      <HeardBar spoken={spoken} recording={recording} player={player} wordByWord={wordByWord} />
      {wordByWord.value ? (
        <div class="editor">
          <Words words={words} player={player} />
        </div>
      ) : (
        <AnswerEditor model={model} editor={editor} />
      )}
    </>
  );
}
