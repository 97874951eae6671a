/** The key of the AI server: written, never shown again. */

import { Button } from "../../components/button";
import { Field } from "../../components/field";
import { Icon } from "../../components/icons";

export interface KeyFieldProps {
  stored: boolean;
  /** What is typed; undefined while the stored key is left alone. */
  value: string | undefined;
  change: (value: string | undefined) => void;
  forget: () => void;
}

export function KeyField({ stored, value, change, forget }: KeyFieldProps) {
  if (stored && value === undefined) {
    return (
      <div class="field" role="group" aria-label="API key">
        <span class="label">API key</span>
        <div class="stored-key">
          <Icon name="lock" size={18} />
          <span>Stored in a file only you can read</span>
          <Button look="quiet" onClick={() => change("")}>
            Replace key
          </Button>
          <Button look="quiet" onClick={forget}>
            Forget key
          </Button>
        </div>
      </div>
    );
  }
  return (
    <Field label="API key" hint="Kept in a file only you can read. Leave it empty if none is needed.">
      {(ids) => (
        <input
          {...ids}
          type="password"
          autocomplete="off"
          maxLength={500}
          value={value ?? ""}
          onInput={(event) => change(event.currentTarget.value || undefined)}
        />
      )}
    </Field>
  );
}
