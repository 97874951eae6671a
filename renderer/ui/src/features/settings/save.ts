/** Saves settings: they hold at once, and go back to what they were when they are refused. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { useApp } from "../../context";
import type { SaveSettings } from "../../contracts.gen";

export type Save = (change: SaveSettings) => Promise<boolean>;

export function useSave() {
  const { api, settings } = useApp();
  const error = useSignal<CallError | undefined>(undefined);
  const save: Save = async (change) => {
    const before = settings.peek();
    const { api_key: _, key_place: __, revision: ___, ...shown } = change;
    if (before) settings.value = { ...before, ...shown };
    error.value = undefined;
    try {
      settings.value = await api.saveSettings(change);
      return true;
    } catch (reason) {
      settings.value = before;
      error.value = reason as CallError;
      return false;
    }
  };
  return { save, error };
}
