/** Numbers and times in words. */

import { expect, test } from "vitest";
import { amount, clock, codePoints, day, duration, fileSize, greeting, host, isThisComputer, plural, title, words } from "./formats";

test.each([
  [0, "0:00"],
  [7_900, "0:07"],
  [187_000, "3:07"],
  [3_729_000, "1:02:09"],
])("%i ms are %s on the clock", (ms, text) => expect(clock(ms)).toBe(text));

test.each([
  [40_000, "40 s"],
  [180_000, "3 min"],
  [3_900_000, "1 h 5 min"],
])("%i ms are %s in words", (ms, text) => expect(duration(ms)).toBe(text));

test.each([
  [1, "1 kB"],
  [5_400, "5 kB"],
  [2_097_152, "2.1 MB"],
  [3_000_000_000, "3.0 GB"],
  [5e13, "50000.0 GB"],
])("%i bytes are %s", (bytes, text) => expect(fileSize(bytes)).toBe(text));

test("the day is the one of the person, not of UTC", () => {
  const now = new Date(2026, 2, 14, 0, 30);
  expect(day(new Date(2026, 2, 14, 0, 1).toISOString(), now)).toBe("Today");
  expect(day(new Date(2026, 2, 13, 23, 59).toISOString(), now)).toBe("Yesterday");
  expect(day(new Date(2024, 0, 5).toISOString(), now)).toContain("2024");
});

test("an emoji is one code point, and words are what blanks divide", () => {
  expect(codePoints("a😀b")).toBe(3);
  expect(words("  one\ttwo\n\nthree😀 ")).toBe(3);
  expect(words("")).toBe(0);
});

test("words for people", () => {
  expect(plural(1, "answer")).toBe("1 answer");
  expect(plural(2, "answer")).toBe("2 answers");
  expect(title("system-design")).toBe("System design");
  expect(greeting(9)).toBe("Good morning");
  expect(host("https://api.example.org:8443/v1")).toBe("api.example.org:8443");
});

test.each([
  ["http://localhost:11434/v1", true],
  ["http://127.0.0.1:8080", true],
  ["http://[::1]:8080", true],
  ["http://127.0.0.1.example.org", false],
  ["http://192.168.0.5/v1", false],
  ["nothing", false],
])("whether %s stays on this computer: %s", (url, stays) => expect(isThisComputer(url)).toBe(stays));

test.each([
  [1, "1 word"],
  [{ number: 1, more: false }, "1 word"],
  [{ number: 1, more: true }, "1+ words"],
  [{ number: 0, more: false }, "0 words"],
])("%o is %s", (count, text) => expect(plural(count, "word")).toBe(text));

test("what was counted of more says so", () => {
  expect(amount({ number: 10_000, more: true })).toBe(`${(10_000).toLocaleString()}+`);
  expect(amount(7)).toBe("7");
});
