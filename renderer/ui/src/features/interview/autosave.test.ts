/** Drafts: when they are saved, and what happens when they can't be. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusalOf } from "../../testing/app";
import { Autosave, LATEST_MS, QUIET_MS } from "./autosave";
import type { Draft } from "./drafts";

let sent: { text: string; at: number }[];
let answer: () => Promise<unknown>;
let autosave: Autosave;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  sent = [];
  answer = () => Promise.resolve();
  autosave = new Autosave(({ text }: Draft) => {
    sent.push({ text, at: Date.now() });
    return answer();
  });
});
afterEach(() => vi.useRealTimers());

function type(text: string, questionId = "q"): void {
  autosave.change({ questionId, text, elapsedMs: 0 });
}

test("a draft is saved once the person stops typing", async () => {
  type("a");
  await vi.advanceTimersByTimeAsync(100);
  type("ab");
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(sent).toEqual([{ text: "ab", at: 100 + QUIET_MS }]);
  expect(autosave.state.value).toBe("saved");
});

test("whoever never stops typing is saved within 800 ms of the first key stroke", async () => {
  for (let at = 0; at < 4_000; at += 50) {
    type(`text ${at}`);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(sent.length).toBeGreaterThanOrEqual(4);
  expect(sent[0]?.at).toBe(LATEST_MS);
  const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(LATEST_MS + 50);
});

test("a flush saves at once, also while a save is on its way", async () => {
  answer = () => new Promise(() => undefined);
  type("first");
  autosave.flush();
  type("second");
  autosave.flush();
  expect(sent.map(({ text }) => text)).toEqual(["first", "second"]);
});

test("a failed save is said and tried again until it works", async () => {
  answer = () => Promise.reject(refusalOf("IPC003"));
  type("kept");
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(autosave.state.value).toBe("failed");
  expect(autosave.error.value?.code).toBe("IPC003");
  answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent.map(({ text }) => text)).toEqual(["kept", "kept"]);
  expect(autosave.state.value).toBe("saved");
});

test.each(["DB005", "VAL001"])("after %s the text is unsaved until a save succeeds", async (code) => {
  type("kept");
  expect(autosave.failing).toBe(false);
  answer = () => Promise.reject(refusalOf(code));
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(autosave.failing).toBe(true);
  type("kept too");
  expect(autosave.failing).toBe(true);
  answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(autosave.failing).toBe(false);
});

test("a draft that is refused for what it is waits for the next key stroke", async () => {
  answer = () => Promise.reject(refusalOf("VAL001"));
  type("too long");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(autosave.state.value).toBe("refused");
  expect(sent).toHaveLength(1);
  answer = () => Promise.resolve();
  type("short");
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  expect(autosave.state.value).toBe("saved");
});

test("what is typed during a failing save wins over the older text", async () => {
  let fail: (reason: unknown) => void = () => undefined;
  answer = () => new Promise((_, reject) => (fail = reject));
  type("old");
  await vi.advanceTimersByTimeAsync(QUIET_MS);
  type("new");
  answer = () => Promise.resolve();
  fail(refusalOf("IPC001"));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent.at(-1)?.text).toBe("new");
  expect(sent.filter(({ text }) => text === "old")).toHaveLength(1);
});

test("drafts of two questions are both saved", async () => {
  type("one", "q1");
  type("two", "q2");
  await vi.advanceTimersByTimeAsync(QUIET_MS * 2);
  expect(sent.map(({ text }) => text)).toEqual(["one", "two"]);
});

test("a draft that was handed in is not saved any more", async () => {
  type("handed in");
  autosave.drop("q");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual([]);
});
