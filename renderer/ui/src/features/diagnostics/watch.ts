/** The app's numbers, asked for again and again while somebody looks. */

import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { CallError } from "../../bridge";
import { useApp } from "../../context";
import type { AppMetrics } from "../../contracts.gen";

export const EVERY_MS = 2_000;

export function useMetrics() {
  const { api } = useApp();
  const metrics = useMemo(() => signal<AppMetrics | undefined>(undefined), []);
  const error = useMemo(() => signal<CallError | undefined>(undefined), []);
  useEffect(() => {
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      if (!document.hidden) {
        try {
          const found = await api.getMetrics({ history: true });
          if (gone) return;
          metrics.value = found;
          error.value = undefined;
        } catch (reason) {
          error.value = reason as CallError;
        }
      }
      if (!gone) timer = setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  return { metrics, error };
}
