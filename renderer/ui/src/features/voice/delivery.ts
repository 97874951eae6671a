/** How an answer was said, measure by measure, each beside what is usual where that is published. */

import type { SpokenFacts, Usual } from "../../contracts.gen";
import { clock, plural } from "../../formats";

export interface Measure {
  name: string;
  value: string;
  /** What is usual and who says so; null where nothing is published. */
  usual: string | null;
}

export function measures(facts: SpokenFacts): Measure[] {
  const pace = facts.words_per_minute;
  const fillers = facts.fillers_per_100_words;
  const longest = facts.pauses.map(({ start_ms, end_ms }) => end_ms - start_ms).find(isPause);
  return [
    row("Length", clock(facts.duration_ms), null),
    pace === null
      ? null
      : row("Pace", `${Math.round(pace)} words a minute`, usual(norm(facts, "words_per_minute"), "words a minute")),
    row(
      "Fillers",
      facts.fillers.length === 0 ? "none heard" : fillersOf(facts),
      fillers === null ? null : usual(norm(facts, "fillers_per_100_words"), "per 100 words"),
    ),
    row("Longest pause", longest ? seconds(longest) : "under half a second", null),
    row("Share of speech", `${Math.round(facts.speech_share * 100)} %`, null),
  ].filter((measure) => measure !== null);
}

/** What is shorter is a breath. */
function isPause(ms: number): boolean {
  return ms >= 500;
}

function row(name: string, value: string, usual: string | null): Measure {
  return { name, value, usual };
}

function norm({ norms }: SpokenFacts, wanted: Usual["what"]): Usual | undefined {
  return norms.find(({ what }) => what === wanted);
}

/** "3: um 2, uh 1, 4.5 per 100 words". */
function fillersOf({ fillers, fillers_per_100_words, fillers_per_minute }: SpokenFacts): string {
  const counts = new Map<string, number>();
  for (const { text } of fillers) {
    const word = text.toLowerCase().replace(/[^\p{L}\p{N}' -]/gu, "").trim();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const which = [...counts].map(([word, count]) => (count > 1 ? `${word} ×${count}` : word));
  const rates = [
    fillers_per_minute === null ? [] : `${fillers_per_minute} a minute`,
    fillers_per_100_words === null ? [] : `${fillers_per_100_words} per 100 words`,
  ].flat();
  return [`${plural(fillers.length, "filler")} (${which.join(", ")})`, ...rates].join(", ");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function usual(norm: Usual | undefined, unit: string): string | null {
  return norm ? `Usual: ${span(norm)} ${unit}. ${norm.source}` : null;
}

/** "124 to 189", or as much of it as is published. */
function span({ low, high }: Usual): string {
  if (low === null) return high === null ? "–" : `up to ${high}`;
  return high === null ? `from ${low}` : `${low} to ${high}`;
}
