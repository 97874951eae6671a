/** A chart ends with how it is now, and says the same in words. */

import { expect, test } from "vitest";
import { someMetrics } from "../../testing/metrics";
import { failuresOf, inWords, seriesOf } from "./series";

test("the remembered moments come first and the present last", () => {
  const { calls, latency, queue, memory } = seriesOf(someMetrics());
  expect(calls.values).toEqual([40, 12]);
  expect(latency.values).toEqual([9, 2.5]);
  expect(queue.values).toEqual([0, 5]);
  expect(memory.values).toEqual([90, 140]);
  expect((calls.times[1] ?? 0) - (calls.times[0] ?? 0)).toBe(600);
});

test("a chart in words", () => {
  expect(inWords(seriesOf(someMetrics()).calls, String)).toBe(
    "now 12, between 12 and 40 in the last 10 min",
  );
  expect(inWords({ times: [], values: [] }, String)).toBe("nothing measured yet");
});

test("the same error in the same place is told once, the newest first", () => {
  expect(failuresOf(someMetrics().last_errors)).toEqual([
    { code: "DB001", place: "db:answers:save", times: 2, last: "2026-01-01T10:12:00Z" },
    { code: "APP004", place: "ai_service", times: 1, last: "2026-01-01T10:11:00Z" },
  ]);
});
