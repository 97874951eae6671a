/** Adding a question of one's own. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { Segments } from "../../components/choices";
import { Dialog } from "../../components/dialog";
import { Field } from "../../components/field";
import { useApp } from "../../context";
import type { Catalogue, Question } from "../../contracts.gen";
import { title } from "../../formats";
import { check, type FieldErrors, type OwnQuestion, refusal, toRequest } from "./own-question";

export interface AddQuestionProps {
  catalogue: Catalogue | undefined;
  added: (question: Question) => void;
  close: () => void;
}

const EMPTY: OwnQuestion = {
  kind: "technical",
  topic: "",
  difficulty: "medium",
  prompt: "",
  reference_answer: "",
  key_points: "",
};

export function AddQuestion({ catalogue, added, close }: AddQuestionProps) {
  const { api } = useApp();
  const own = useSignal(EMPTY);
  const errors = useSignal<FieldErrors>({});
  const form = useRef<HTMLFormElement>(null);
  const change = (part: Partial<OwnQuestion>) => (own.value = { ...own.value, ...part });
  const show = (found: FieldErrors) => {
    errors.value = found;
    const first = () => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    requestAnimationFrame(first);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    const found = check(own.value);
    show(found);
    if (Object.keys(found).length > 0) return;
    await api.createQuestion(toRequest(own.value)).then(added, (error: CallError) => {
      show(refusal(error));
    });
  };
  return (
    <Dialog title="Add a question" onClose={close} wide>
      <form ref={form} class="form" noValidate onSubmit={(event) => void submit(event)}>
        <Fields own={own.value} errors={errors.value} change={change} catalogue={catalogue} />
        {errors.value.form && (
          <p class="field-error" role="alert">
            {errors.value.form}
          </p>
        )}
        <footer class="dialog-foot">
          <Button look="quiet" onClick={close}>
            Cancel
          </Button>
          <Button look="primary" type="submit">
            Add question
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  own: OwnQuestion;
  errors: FieldErrors;
  change: (part: Partial<OwnQuestion>) => void;
  catalogue: Catalogue | undefined;
}

const KINDS = (["technical", "behavioural"] as const).map((value) => ({ value, label: title(value) }));
const HARD = (["easy", "medium", "hard"] as const).map((value) => ({ value, label: title(value) }));

function Fields({ own, errors, change, catalogue }: FieldsProps) {
  return (
    <>
      <TextField
        label="Question"
        error={errors.prompt}
        rows={3}
        value={own.prompt}
        set={(prompt) => change({ prompt })}
      />
      <div class="form-row">
        <Segments label="Kind" options={KINDS} value={own.kind} onChange={(kind) => change({ kind })} />
        <Segments
          label="Difficulty"
          options={HARD}
          value={own.difficulty}
          onChange={(difficulty) => change({ difficulty })}
        />
      </div>
      <Field label="Topic" error={errors.topic} hint="One that is there, or a new one.">
        {(ids) => (
          <input
            {...ids}
            list="known-topics"
            maxLength={80}
            value={own.topic}
            onInput={(event) => change({ topic: event.currentTarget.value })}
          />
        )}
      </Field>
      <datalist id="known-topics">
        {catalogue?.topics.map((topic) => <option key={topic.id} value={topic.title} />)}
      </datalist>
      <TextField
        label="Reference answer"
        hint="What a strong answer says; without it there is nothing to compare with."
        error={errors.reference_answer}
        rows={4}
        value={own.reference_answer}
        set={(reference_answer) => change({ reference_answer })}
      />
      {own.kind === "technical" && (
        <TextField
          label="Key points"
          hint="One on a line: each idea that should come up."
          error={errors.key_points}
          rows={3}
          value={own.key_points}
          set={(key_points) => change({ key_points })}
        />
      )}
    </>
  );
}

interface TextFieldProps {
  label: string;
  hint?: string;
  error: string | undefined;
  rows: number;
  value: string;
  set: (value: string) => void;
}

function TextField({ label, hint, error, rows, value, set }: TextFieldProps) {
  return (
    <Field label={label} error={error} {...(hint ? { hint } : {})}>
      {(ids) => (
        <textarea
          {...ids}
          rows={rows}
          dir="auto"
          value={value}
          onInput={(event) => set(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
