/** A text with what a search matched in it. */

import type { Span } from "../contracts.gen";

/** The text in pieces, every second one of which matched; spans count code points. */
export function pieces(text: string, spans: readonly Span[]): string[] {
  if (spans.length === 0) return [text];
  const points = [...text];
  const found: string[] = [];
  let done = 0;
  for (const { start, end } of spans) {
    if (start < done || end <= start) continue;
    found.push(points.slice(done, start).join(""), points.slice(start, end).join(""));
    done = end;
  }
  return [...found, points.slice(done).join("")];
}

export function Marked({ text, spans }: { text: string; spans: readonly Span[] }) {
  return (
    <>
      {pieces(text, spans).map((piece, at) =>
        at % 2 ? (
          <mark key={at} class="match">
            {piece}
          </mark>
        ) : (
          piece
        ),
      )}
    </>
  );
}
