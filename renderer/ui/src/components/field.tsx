/** A labelled field with a hint and, if the app refused its value, the reason. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

export interface FieldIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
}

export interface FieldProps {
  label: string;
  hint?: string;
  error?: string | undefined;
  children: (ids: FieldIds) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const ids = {
    id,
    "aria-describedby": hint || error ? noteId : undefined,
    "aria-invalid": error !== undefined,
  };
  return (
    <div class={error ? "field invalid" : "field"}>
      <label for={id}>{label}</label>
      {children(ids)}
      {(error ?? hint) && (
        <p class={error ? "field-error" : "hint"} id={noteId}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
