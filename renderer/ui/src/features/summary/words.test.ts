/** Scores in words. */

import { expect, test } from "vitest";
import { meaning } from "./words";

test("the word fits the number that is shown beside it", () => {
  expect(meaning(0.846).word).toBe(meaning(0.85).word);
  expect(meaning(0.844).word).toBe(meaning(0.84).word);
});

test("a better score never has a lesser word", () => {
  const order = ["Not yet", "A start", "Thin", "Fair", "Good", "Strong"];
  const ranks = Array.from({ length: 101 }, (_, score) => order.indexOf(meaning(score / 100).word));
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  expect(new Set(ranks)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
});
