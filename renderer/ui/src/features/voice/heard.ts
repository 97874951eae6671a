/** What was heard, put into words and places: where text goes, and where there was speech. */

import type { Pause } from "../../contracts.gen";

/** The answer's text once `heard` is in: in the place of what was heard before, else after the rest. */
export function withHeard(written: string, before: string | undefined, heard: string): string {
  const text = written.trim();
  if (text === "" || text === before?.trim()) return heard;
  return `${text}\n\n${heard}`;
}

/** Whether `written` has anything of `heard`, of which a person may have corrected the rest. */
export function holdsSome(written: string, heard: string): boolean {
  return heard.split(/(?<=[.?!])\s+/u).some((sentence) => written.includes(sentence.trim()));
}

export interface Stretch {
  start_ms: number;
  end_ms: number;
}

/** What lies between the pauses, in the order of time. */
export function speech(durationMs: number, pauses: readonly Pause[]): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  for (const { start_ms, end_ms } of pauses.toSorted((a, b) => a.start_ms - b.start_ms)) {
    if (start_ms > from) stretches.push({ start_ms: from, end_ms: Math.min(start_ms, durationMs) });
    from = Math.max(from, end_ms);
  }
  if (from < durationMs) stretches.push({ start_ms: from, end_ms: durationMs });
  return stretches;
}

/** The place of the word that is said at `ms`, or was last before; -1 before the first. */
export function wordAt(words: readonly { start_ms: number }[], ms: number): number {
  return words.findLastIndex(({ start_ms }) => start_ms <= ms);
}
