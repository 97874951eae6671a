/** Where what was heard goes in the text, and where in time there was speech. */

import { expect, test } from "vitest";
import { holdsSome, speech, withHeard, wordAt } from "./heard";

test("what was heard is the answer where nothing is written", () => {
  expect(withHeard(" \n", undefined, "I said this.")).toBe("I said this.");
});

test("said again, it takes the place of what was heard before", () => {
  expect(withHeard("First try.", "First try.", "Second try.")).toBe("Second try.");
});

test("what the person wrote or corrected is never replaced", () => {
  expect(withHeard("Corrected try.", "First try.", "Second try.")).toBe(
    "Corrected try.\n\nSecond try.",
  );
});

test("a text in which a sentence was corrected still holds what was heard", () => {
  expect(holdsSome("I used a key. Then it retied.", "I used a key. Then it retried.")).toBe(true);
  expect(holdsSome("Something typed.", "I used a key. Then it retried.")).toBe(false);
  expect(holdsSome("", "I used a key.")).toBe(false);
});

test("speech is what lies between the pauses, in whatever order they come", () => {
  const pauses = [
    { start_ms: 4_000, end_ms: 5_000 },
    { start_ms: 0, end_ms: 1_000 },
  ];
  expect(speech(6_000, pauses)).toEqual([
    { start_ms: 1_000, end_ms: 4_000 },
    { start_ms: 5_000, end_ms: 6_000 },
  ]);
  expect(speech(6_000, [])).toEqual([{ start_ms: 0, end_ms: 6_000 }]);
  expect(speech(6_000, [{ start_ms: 0, end_ms: 6_000 }])).toEqual([]);
});

test("the word that is heard is the last one that began", () => {
  const words = [{ start_ms: 100 }, { start_ms: 500 }];
  expect([0, 100, 499, 9_000].map((ms) => wordAt(words, ms))).toEqual([-1, 0, 0, 1]);
});
