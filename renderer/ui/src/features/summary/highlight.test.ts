/** Cutting answers at offsets that count code points. */

import { expect, test } from "vitest";
import { anEvaluation } from "../../testing/sessions";
import { type Mark, marksOf, pieces } from "./highlight";

/** A mark as the evaluator makes it: `text[start:end]` in code points. */
function markOf(text: string, quoted: string, id = quoted): Mark {
  const start = [...text.slice(0, text.indexOf(quoted))].length;
  const quote = { start, end: start + [...quoted].length, text: quoted };
  return { id, kind: "covered", quote };
}

function lit(text: string, marks: Mark[], id: string): string {
  return pieces(text, marks)
    .filter((piece) => piece.marks.some((mark) => mark.id === id))
    .map((piece) => piece.text)
    .join("");
}

test.each([
  ["plain text", "First this. Then that.", "Then that."],
  ["an emoji before it", "😀😀 First. Second one.", "Second one."],
  ["an emoji of several code points", "👩‍👩‍👧 yes. 🇫🇷 too.", "🇫🇷 too."],
  ["an emoji inside", "Say 😀 now. Bye.", "Say 😀 now."],
  ["right-to-left text", "שלום עולם. זה הכול.", "זה הכול."],
  ["combining marks", "e\u0301te\u0301. Ici.", "Ici."],
  ["a lone surrogate", "\ud83d broken. Whole.", "Whole."],
])("a quote is found after %s", (_, text, quoted) => {
  expect(lit(text, [markOf(text, quoted)], quoted)).toBe(quoted);
});

test("the pieces are the whole text again", () => {
  const text = "a😀b <script>alert(1)</script> שלום\n\nend";
  const marks = [markOf(text, "😀b"), markOf(text, "b <script>"), markOf(text, "end")];
  expect(pieces(text, marks).map((piece) => piece.text).join("")).toBe(text);
});

test("marks that overlap are all found where they overlap", () => {
  const text = "one two three";
  const marks = [markOf(text, "one two"), markOf(text, "two three")];
  const both = pieces(text, marks).filter((piece) => piece.marks.length === 2);
  expect(both.map((piece) => piece.text)).toEqual(["two"]);
});

test("a quote beyond the text's end marks nothing", () => {
  const beyond: Mark = { id: "x", kind: "covered", quote: { start: 3, end: 99, text: "?" } };
  expect(pieces("short", [beyond])).toEqual([{ text: "short", marks: [] }]);
});

test("an empty answer has no pieces", () => {
  expect(pieces("", [])).toEqual([]);
});

test("only points that were made are marked", () => {
  const quote = { start: 0, end: 3, text: "one" };
  const point = (coverage: "covered" | "partly" | "missing") =>
    ({ key_point: coverage, coverage, similarity: 0.5, evidence: quote }) as const;
  const evaluation = anEvaluation({
    key_points: [point("covered"), point("partly"), point("missing")],
  });
  expect(marksOf(evaluation).map(({ kind }) => kind)).toEqual(["covered", "partly"]);
});
