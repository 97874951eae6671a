/** "This is wrong": kept with a comment, changed or taken back at any time. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Field } from "../../components/field";
import { Icon } from "../../components/icons";
import { useApp } from "../../context";
import type { EvaluationRecord } from "../../contracts.gen";

export function Dispute({ record }: { record: EvaluationRecord }) {
  const { api } = useApp();
  const writing = useSignal(false);
  const comment = useSignal(record.dispute?.comment);
  const error = useSignal<CallError | undefined>(undefined);

  /** Shown at once, and as it was before if the app refuses it. */
  const save = async (text: string | null) => {
    const before = comment.value;
    comment.value = text ?? undefined;
    writing.value = false;
    error.value = undefined;
    try {
      await api.disputeEvaluation({ evaluation_id: record.id, comment: text });
    } catch (reason) {
      comment.value = before;
      error.value = reason as CallError;
    }
  };
  return (
    <div class="dispute">
      {comment.value === undefined && !writing.value && (
        <Button look="quiet" icon="flag" onClick={() => (writing.value = true)}>
          This is wrong
        </Button>
      )}
      {comment.value !== undefined && !writing.value && (
        <Said
          comment={comment.value}
          change={() => (writing.value = true)}
          takeBack={() => void save(null)}
        />
      )}
      {writing.value && (
        <Comment
          text={comment.value ?? ""}
          save={(text) => void save(text)}
          cancel={() => (writing.value = false)}
        />
      )}
      <ErrorNote error={error.value} />
    </div>
  );
}

interface SaidProps {
  comment: string;
  change: () => void;
  takeBack: () => void;
}

function Said({ comment, change, takeBack }: SaidProps) {
  return (
    <div class="said">
      <p>
        <Icon name="flag" size={18} /> You said that this is wrong.
      </p>
      {comment && (
        <blockquote class="pre" dir="auto">
          {comment}
        </blockquote>
      )}
      <div class="row">
        <Button look="quiet" onClick={change}>
          Change comment
        </Button>
        <Button look="quiet" onClick={takeBack}>
          Take it back
        </Button>
      </div>
    </div>
  );
}

interface CommentProps {
  text: string;
  save: (text: string) => void;
  cancel: () => void;
}

function Comment({ text, save, cancel }: CommentProps) {
  const typed = useSignal(text);
  const submit = (event: Event) => {
    event.preventDefault();
    save(typed.value.trim());
  };
  return (
    <form class="comment" onSubmit={submit}>
      <Field label="What is wrong about it?" hint="Kept with this evaluation; it changes no score.">
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            maxLength={2000}
            autofocus
            dir="auto"
            value={typed.value}
            onInput={(event) => (typed.value = event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="row">
        <Button look="primary" type="submit">
          Keep comment
        </Button>
        <Button look="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
