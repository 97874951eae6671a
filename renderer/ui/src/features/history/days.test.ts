/** Grouping the history by day. */

import { expect, test } from "vitest";
import { aSummary } from "../../testing/sessions";
import { byDay } from "./days";

test("interviews of one day stand together, in their order", () => {
  const at = (id: string, date: Date) => aSummary({ id, created_at: date.toISOString() });
  const now = new Date(2026, 2, 14, 12);
  const days = byDay(
    [
      at("c", new Date(2026, 2, 14, 11)),
      at("b", new Date(2026, 2, 14, 9)),
      at("a", new Date(2026, 2, 13, 23)),
    ],
    now,
  );
  expect(days.map(({ day, sessions }) => [day, ...sessions.map(({ id }) => id)])).toEqual([
    ["Today", "c", "b"],
    ["Yesterday", "a"],
  ]);
});
