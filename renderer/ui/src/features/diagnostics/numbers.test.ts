/** Sizes, shares and times are short, and tell little from nothing. */

import { expect, test } from "vitest";
import { megabytes, milliseconds, percent, uptime } from "./numbers";

test.each([
  [0, "0 ms"],
  [0.04, "0.04 ms"],
  [0.34, "0.3 ms"],
  [9.94, "9.9 ms"],
  [12.6, "13 ms"],
  [null, "–"],
])("%s ms is %s", (ms, shown) => {
  expect(milliseconds(ms)).toBe(shown);
});

test("a share is told in percent, also a very small one", () => {
  expect([0, 0.0005, 0.042, 0.8, 1].map(percent)).toEqual(["0 %", "0.05 %", "4.2 %", "80 %", "100 %"]);
});

test("memory is told in MB, and a time in words", () => {
  expect(megabytes(465_400_000)).toBe("465 MB");
  expect([0, 42, 3_700].map(uptime)).toEqual(["–", "42 s", "1 h 2 min"]);
});
