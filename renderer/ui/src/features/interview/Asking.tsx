/** The question, the editor for its answer, and what can be done next. */

import { useEffect, useRef } from "preact/hooks";
import { Button, IconButton } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { ErrorCode } from "../../contracts.gen";
import { title } from "../../formats";
import type { SpokenAnswers } from "../voice/spoken-answers";
import { AnswerArea } from "./AnswerArea";
import type { InterviewModel } from "./model";

export interface AskingProps {
  model: InterviewModel;
  spoken: SpokenAnswers;
}

export function Asking({ model, spoken }: AskingProps) {
  const asked = model.question.value;
  const { question } = asked;
  const editor = useRef<HTMLTextAreaElement>(null);
  useEffect(() => editor.current?.focus(), []);
  return (
    <section class="asking" aria-labelledby="question">
      <div class="asked">
        <p class="eyebrow">
          {title(question.topic)} <span aria-hidden="true">·</span> {title(question.difficulty)}
        </p>
        <h2 id="question" class="prompt" dir="auto">
          {question.prompt}
        </h2>
        {question.kind === "behavioural" && (
          <p class="star-hint">
            <Icon name="info" size={18} />
            Tell one real story: its situation, your task, what you did, and the result. Your
            answer is looked at for these four.
          </p>
        )}
      </div>
      <AnswerArea model={model} spoken={spoken} editor={editor} />
      {model.emptyHint.value && <EmptyHint model={model} />}
      <ErrorNote error={model.error.value} />
      <Actions model={model} busy={isBusy(spoken, asked.id)} />
    </section>
  );
}

function EmptyHint({ model }: { model: InterviewModel }) {
  return (
    <div class="note" role="alert">
      <Icon name="info" />
      <p class="note-text">
        There is nothing to hand in yet. Write even a sentence, or leave this one for later.
      </p>
      <Button onClick={() => void model.skip()}>Skip it</Button>
      <code class="code">{ErrorCode.VALIDATION_FAILED}</code>
    </div>
  );
}

/** Nothing can be handed in while it is being said, or written down. */
export function isBusy(spoken: SpokenAnswers, questionId: string): boolean {
  if (spoken.way.value === "type") return false;
  const state = spoken.of(questionId)?.state;
  const writing = state === "recording" || state === "transcribing";
  return writing || spoken.recorder.stage.value !== "idle";
}

function Actions({ model, busy }: { model: InterviewModel; busy: boolean }) {
  const last = model.session.value.questions.length - 1;
  const at = model.index.value;
  return (
    <footer class="actions">
      <div class="actions-left">
        <IconButton
          icon="left"
          label="Previous question"
          aria-keyshortcuts="Alt+PageUp"
          disabled={at === 0}
          onClick={() => model.goTo(at - 1)}
        />
        <IconButton
          icon="right"
          label="Following question"
          aria-keyshortcuts="Alt+PageDown"
          disabled={at === last}
          onClick={() => model.goTo(at + 1)}
        />
      </div>
      <Button look="quiet" keys="Alt+S" aria-label="Skip" onClick={() => void model.skip()}>
        Skip
      </Button>
      <Button
        look="primary"
        keys="Ctrl+Enter"
        aria-label={at === last ? "Finish" : "Next"}
        aria-keyshortcuts="Control+Enter"
        disabled={busy}
        onClick={() => void model.next()}
      >
        {at === last ? "Finish" : "Next"}
      </Button>
    </footer>
  );
}
