/** Cuts an answer into pieces, so that quoted passages can be marked and found. */

import type { Evaluation, Quote } from "../../contracts.gen";

export interface Mark {
  id: string;
  kind: "covered" | "partly" | "star" | "advice";
  quote: Quote;
}

export interface Piece {
  text: string;
  marks: readonly Mark[];
}

/** The UTF-16 index of each code point offset: offsets count code points, strings don't. */
function indexOf(text: string, offsets: ReadonlySet<number>): Map<number, number> {
  const found = new Map<number, number>();
  let codePoint = 0;
  let index = 0;
  for (const character of text) {
    if (offsets.has(codePoint)) found.set(codePoint, index);
    codePoint += 1;
    index += character.length;
  }
  found.set(codePoint, index);
  return found;
}

/** `text` in pieces, each with the marks that lie on it; marks may overlap, wrong ones are left out. */
export function pieces(text: string, marks: readonly Mark[]): Piece[] {
  const offsets = new Set(marks.flatMap(({ quote }) => [quote.start, quote.end]));
  const index = indexOf(text, offsets);
  const placed = marks.flatMap((mark) => {
    const start = index.get(mark.quote.start);
    const end = index.get(mark.quote.end);
    const right = start !== undefined && end !== undefined && start < end;
    return right ? [{ mark, start, end }] : [];
  });
  const cuts = new Set([0, text.length, ...placed.flatMap(({ start, end }) => [start, end])]);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((end, at) => {
    const start = sorted[at] ?? 0;
    const on = placed.filter((one) => one.start <= start && one.end >= end);
    return { text: text.slice(start, end), marks: on.map(({ mark }) => mark) };
  });
}

/** The passages an evaluation speaks of: of key points, of STAR parts, of advice. */
export function marksOf(evaluation: Evaluation): Mark[] {
  const points = evaluation.key_points.flatMap(({ evidence, coverage }, at): Mark[] =>
    evidence && coverage !== "missing"
      ? [{ id: `point-${at}`, kind: coverage, quote: evidence }]
      : [],
  );
  const star = evaluation.star.flatMap(({ evidence, part }): Mark[] =>
    evidence ? [{ id: `star-${part}`, kind: "star", quote: evidence }] : [],
  );
  const advice = evaluation.advice.flatMap(({ quote }, at): Mark[] =>
    quote ? [{ id: `advice-${at}`, kind: "advice", quote }] : [],
  );
  return [...points, ...star, ...advice];
}
