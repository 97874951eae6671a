/** Where the answer is written; it grows with the text and says when it is saved. */

import type { Ref } from "preact";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { useApp } from "../../context";
import { plural, words } from "../../formats";
import { MAX_ANSWER_CHARACTERS, MAX_DRAFT_UNITS } from "./answer-length";
import type { SaveState } from "./autosave";
import type { InterviewModel } from "./model";

export interface AnswerEditorProps {
  model: InterviewModel;
  editor: Ref<HTMLTextAreaElement>;
}

const NEARLY_FULL = 5_000;

const SAVE_TEXT: Record<SaveState, string> = {
  idle: "",
  unsaved: "Saving…",
  saving: "Saving…",
  saved: "Saved",
  failed: "Not saved yet: trying again",
  refused: "Not saved",
  held: "Not saved: choose a text first",
};

export function AnswerEditor({ model, editor }: AnswerEditorProps) {
  const text = model.text.value;
  const answered = model.question.value.answers.length > 0;
  return (
    <div class="editor">
      <textarea
        ref={editor}
        class="answer-text"
        aria-label="Your answer"
        aria-describedby="editor-facts"
        dir="auto"
        spellcheck
        maxLength={MAX_DRAFT_UNITS}
        rows={6}
        placeholder="Answer as you would say it."
        value={text}
        onInput={(event) => model.type(event.currentTarget.value)}
      />
      <Changed model={model} />
      <NotSaved model={model} />
      <div class="editor-foot" id="editor-facts">
        <span>{plural(words(text), "word")}</span>
        <Room text={text} />
        {answered && <span>Handed in; changes become a new version</span>}
        <SaveSign model={model} />
      </div>
    </div>
  );
}

/** Told while there is still time: how much more can be handed in. */
function Room({ text }: { text: string }) {
  const left = MAX_ANSWER_CHARACTERS - text.length;
  if (left > NEARLY_FULL) return null;
  if (text.length >= MAX_DRAFT_UNITS) {
    return <span class="over">The editor holds no more; what was too much of a pasted text is not in it</span>;
  }
  const most = MAX_ANSWER_CHARACTERS.toLocaleString();
  return left >= 0 ? (
    <span>{plural(left, "character")} left</span>
  ) : (
    <span class="over">Over the {most} characters that can be handed in</span>
  );
}

/** Two texts for one answer: the person says which of them stays. */
function Changed({ model }: { model: InterviewModel }) {
  if (!model.conflict.value) return null;
  return (
    <div class="note" role="alert">
      <Icon name="warning" />
      <p class="note-text">This answer was changed in another window or tab.</p>
      <Button onClick={() => model.takeThat()}>Take that text</Button>
      <Button onClick={() => model.keepMine()}>Keep mine</Button>
    </div>
  );
}

/** Why what is typed isn't saved, and what to do; a lost connection has a banner of its own. */
function NotSaved({ model }: { model: InterviewModel }) {
  const { state, error } = model.autosave;
  const failed = state.value === "failed" || state.value === "refused";
  if (!failed || error.value?.outcomeUnknown) return null;
  return <ErrorNote error={error.value} />;
}

function SaveSign({ model }: { model: InterviewModel }) {
  const lost = useApp().link.value === "lost";
  const told = model.autosave.state.value;
  const waits = lost && told !== "idle" && told !== "saved";
  const state = waits ? "failed" : told;
  return (
    <span class={`save-sign ${state}`} role="status">
      {state === "saved" && <Icon name="check" size={16} />}
      {waits ? "Kept here until the app is back" : SAVE_TEXT[state]}
    </span>
  );
}
