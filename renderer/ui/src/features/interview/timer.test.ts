/** The clock of a question, driven by hand. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { QuestionTimer } from "./timer";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("it counts only while it runs", () => {
  const timer = new QuestionTimer();
  vi.advanceTimersByTime(5_000);
  expect(timer.read()).toBe(0);
  timer.start();
  vi.advanceTimersByTime(3_000);
  timer.stop();
  vi.advanceTimersByTime(60_000);
  expect(timer.read()).toBe(3_000);
});

test("it goes on from where a question was left", () => {
  const timer = new QuestionTimer();
  timer.set(40_000);
  timer.start();
  vi.advanceTimersByTime(1_500);
  expect(timer.read()).toBe(41_500);
});

test("reading between two ticks is exact", () => {
  const timer = new QuestionTimer();
  timer.start();
  vi.advanceTimersByTime(130);
  expect(timer.read()).toBe(130);
  timer.stop();
});

test("the hours that a computer slept don't count", () => {
  let now = 0;
  const timer = new QuestionTimer(() => now);
  timer.start();
  now += 1_000;
  timer.read();
  now += 8 * 3_600_000;
  timer.read();
  now += 500;
  expect(timer.read()).toBe(1_500);
  timer.stop();
});

test("starting twice doesn't count twice", () => {
  const timer = new QuestionTimer();
  timer.start();
  timer.start();
  vi.advanceTimersByTime(2_000);
  timer.stop();
  expect(timer.read()).toBe(2_000);
});
