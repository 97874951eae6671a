/** Where a key can be kept on this system, and where it is kept unless something else is chosen. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { useApp } from "../../context";
import type { AppSettings, KeyPlaces, SaveSettings } from "../../contracts.gen";

export type KeyPlace = NonNullable<SaveSettings["key_place"]>;

const NO_RING: KeyPlaces = { keyring: "", why_not: "The key ring could not be looked for." };

export function useKeyPlaces() {
  const { api } = useApp();
  const places = useSignal<KeyPlaces | undefined>(undefined);
  useEffect(() => {
    api.getKeyPlaces({}).then(
      (found) => (places.value = found),
      () => (places.value = NO_RING),
    );
  }, []);
  return places;
}

/** Where the last key was; a first one goes to the key ring. Without one, the person chooses. */
export function usualPlace(
  state: AppSettings["llm_key"],
  places: KeyPlaces | undefined,
): KeyPlace | undefined {
  if (state === "asked") return "session";
  if (state !== "none") return state;
  return places?.keyring ? "keyring" : undefined;
}
