/** Where the answer is written; it grows with the text and says when it is saved. */

import type { Ref } from "preact";
import { Button } from "../../components/button";
import { Icon } from "../../components/icons";
import { useApp } from "../../context";
import { plural, words } from "../../formats";
import type { SaveState } from "./autosave";
import type { InterviewModel } from "./model";

export interface AnswerEditorProps {
  model: InterviewModel;
  editor: Ref<HTMLTextAreaElement>;
}

const SAVE_TEXT: Record<SaveState, string> = {
  idle: "",
  unsaved: "Saving…",
  saving: "Saving…",
  saved: "Saved",
  failed: "Not saved yet: trying again",
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
        rows={6}
        placeholder="Answer as you would say it."
        value={text}
        onInput={(event) => model.type(event.currentTarget.value)}
      />
      <Changed model={model} />
      <div class="editor-foot" id="editor-facts">
        <span>{plural(words(text), "word")}</span>
        {answered && <span>Handed in; changes become a new version</span>}
        <SaveSign model={model} />
      </div>
    </div>
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

function SaveSign({ model }: { model: InterviewModel }) {
  const lost = useApp().link.value === "lost";
  const told = model.autosave.state.value;
  const waits = lost && told !== "idle" && told !== "saved";
  const state = waits ? "failed" : told;
  const code = state === "failed" ? model.autosave.error.value?.code : undefined;
  return (
    <span class={`save-sign ${state}`} role="status">
      {state === "saved" && <Icon name="check" size={16} />}
      {waits ? "Kept here until the app is back" : SAVE_TEXT[state]}
      {code && <code class="code">{code}</code>}
    </span>
  );
}
