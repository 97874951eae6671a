/** The key of the AI server, written and never shown again, and where it is kept. */

import { Button } from "../../components/button";
import { Segments } from "../../components/choices";
import { Field } from "../../components/field";
import { Icon } from "../../components/icons";
import type { AppSettings, KeyPlaces } from "../../contracts.gen";
import type { KeyPlace } from "./key-places";

export interface KeyFieldProps {
  state: AppSettings["llm_key"];
  /** What is typed; undefined while the stored key is left alone. */
  value: string | undefined;
  change: (value: string | undefined) => void;
  forget: () => void;
  places: KeyPlaces | undefined;
  place: KeyPlace | undefined;
  choose: (place: KeyPlace) => void;
  error?: string | undefined;
}

const KEPT: Record<KeyPlace, string> = {
  keyring: "Stored in the system's key ring",
  file: "Stored in a file only you can read",
  session: "Kept until the app is closed; you are asked again at the next start",
};

export function KeyField(props: KeyFieldProps) {
  const { state, value, change, forget } = props;
  if (state !== "none" && state !== "asked" && value === undefined) {
    return (
      <div class="field" role="group" aria-label="API key">
        <span class="label">API key</span>
        <div class="stored-key">
          <Icon name="lock" size={18} />
          <span>{KEPT[state]}</span>
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
  const hint =
    state === "asked"
      ? "You chose to be asked at each start. Until it is entered, answers are evaluated offline."
      : "Leave it empty if none is needed.";
  return (
    <>
      <Field label="API key" hint={hint} error={props.error}>
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
      {value && <Place {...props} />}
    </>
  );
}

/** Where it is to be kept: of a system without a key ring, the choice and its price are said. */
function Place({ places, place, choose }: KeyFieldProps) {
  const ring = places?.keyring;
  const options: { value: KeyPlace | undefined; label: string }[] = [
    { value: "file", label: "Private file" },
    { value: "session", label: "Ask at each start" },
  ];
  if (ring) options.unshift({ value: "keyring", label: "Key ring" });
  return (
    <div class="key-place">
      <Segments
        label="Where to keep the key"
        options={options}
        value={place}
        onChange={(chosen) => chosen && choose(chosen)}
      />
      <p class="hint">
        {!ring && places?.why_not ? `${places.why_not} ` : ""}
        {place === "keyring" && `Kept by ${ring}, which your login protects.`}
        {place === "file" &&
          "Kept as plain text in your profile folder. Other users can't read it; programs that you run, and copies of the folder, can."}
        {place === "session" && "Kept in memory only. After each start you enter it again here."}
      </p>
    </div>
  );
}
