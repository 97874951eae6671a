/** Reading again when something changed. */

import { expect, test } from "vitest";
import { concerns, LiveQuery } from "./live";

const event = (topic: string, ...ids: string[]) => ({ type: "event" as const, topic, ids });

test("an event that names ids concerns only those", () => {
  expect(concerns(event("sessions", "a"), "sessions", "a")).toBe(true);
  expect(concerns(event("sessions", "a"), "sessions", "b")).toBe(false);
  expect(concerns(event("sessions"), "sessions", "b")).toBe(true);
  expect(concerns(event("sessions", "a"), "sessions")).toBe(true);
  expect(concerns(event("settings"), "sessions")).toBe(false);
});

test("changes told during a read lead to one more read, whatever their number", async () => {
  const reads: ((value: number) => void)[] = [];
  const query = new LiveQuery(() => new Promise<number>((done) => reads.push(done)));
  const all = query.reload();
  void query.reload();
  void query.reload();
  reads[0]?.(1);
  await Promise.resolve();
  await Promise.resolve();
  reads[1]?.(2);
  await all;
  expect(reads).toHaveLength(2);
  expect(query.data.value).toBe(2);
});

test("a failed read keeps what was shown and says why", async () => {
  let fails = false;
  const query = new LiveQuery(() => (fails ? Promise.reject(new Error("no")) : Promise.resolve(1)));
  await query.reload();
  fails = true;
  await query.reload();
  expect(query.data.value).toBe(1);
  expect(query.error.value?.message).toBe("no");
});
