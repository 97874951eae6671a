/** The report has what helps, and nothing that tells who wrote it. */

import { expect, test } from "vitest";
import { HEALTH, someMetrics } from "../../testing/metrics";
import { reportOf } from "./report";

const report = reportOf(someMetrics(), HEALTH, "QtWebEngine/6.11.3");

test.each([
  "Interview App 1.2.3, data format 0002",
  "Linux-6.1, Python 3.11.7, SQLite 3.40.1",
  "QtWebEngine/6.11.3",
  "Calls: 12 a minute",
  "Errors: 25 %",
  "Average query: 0.2 ms",
  "Open connections: 3",
  "Cache hits / misses: 80 % / 20 %",
  "Writes waiting: 5",
  "renderer (71): ready, up 2 min, 70 MB, 30 descriptors, 1 restarts, answered in 1.5 ms",
  "ai_service (no process): failed, up –, 0 MB",
  "db:answers:save: 8, 3.0 ms, 0 ms, 0 ms, 2, 0",
  "db:catalogue:get: 4, –, –, –, 0, 0",
  "DB001 db:answers:save: 2, last 2026-01-01T10:12:00Z",
  "BANK001",
])("it says %s", (line) => {
  expect(report).toContain(line);
});

test("neither a folder nor the words of a problem are in it", () => {
  expect(report).not.toMatch(/anna|profile|logs|\/home/);
});

test("an app of which nothing is known has a report too", () => {
  const empty = someMetrics({ last_errors: [], processes: [] });
  expect(reportOf(empty, { ...HEALTH, problems: [], safe_mode: true }, "")).toMatch(
    /in safe mode[^]*Last errors\nnone\n\nKnown problems\nnone\n$/,
  );
});
