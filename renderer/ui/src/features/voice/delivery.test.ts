/** Delivery in words: what was measured, and what is usual only where that is published. */

import { expect, test } from "vitest";
import { someFacts } from "../../testing/spoken";
import { measures } from "./delivery";

const said = (facts = someFacts()) =>
  Object.fromEntries(measures(facts).map(({ name, value }) => [name, value]));

test("each measure is said in its unit", () => {
  expect(said()).toEqual({
    Length: "1:30",
    Pace: "142 words a minute",
    Fillers: "3 fillers (um ×2, you know), 2 a minute, 1.4 per 100 words",
    "Longest pause": "2.4 s",
    "Share of speech": "81 %",
  });
});

test("what is usual stands beside what it is about, with its source", () => {
  const usual = Object.fromEntries(measures(someFacts()).map((row) => [row.name, row.usual]));
  expect(usual["Pace"]).toBe("Usual: 124 to 189 words a minute. A study of interviews");
  expect(usual["Fillers"]).toBe("Usual: up to 3.5 per 100 words. A study of interviews");
  expect(usual["Longest pause"]).toBeNull();
});

test("too short to have a pace, there is none, and no fillers are none", () => {
  const facts = someFacts({
    words_per_minute: null,
    fillers: [],
    fillers_per_minute: null,
    fillers_per_100_words: null,
    pauses: [{ start_ms: 0, end_ms: 196 }],
  });
  expect(said(facts)).toEqual({
    Length: "1:30",
    Fillers: "none heard",
    "Longest pause": "under half a second",
    "Share of speech": "81 %",
  });
});
