/** What a chart shows, and the same in words for who can't see it. */

import type { AppMetrics } from "../../contracts.gen";

export interface Series {
  /** Unix seconds, oldest first. */
  times: number[];
  values: number[];
}

export interface Shown {
  calls: Series;
  latency: Series;
  queue: Series;
  memory: Series;
}

/** The remembered moments, and at their end how it is now. */
export function seriesOf(metrics: AppMetrics): Shown {
  const now = {
    at: metrics.at,
    calls_per_minute: metrics.ipc.calls_per_minute,
    p95_ms: metrics.ipc.p95_ms,
    queue_depth: metrics.queue.depth,
    memory_bytes: totalMemory(metrics),
  };
  const moments = [...metrics.history, now];
  const times = moments.map(({ at }) => Date.parse(at) / 1000);
  const of = (pick: (moment: typeof now) => number) => ({ times, values: moments.map(pick) });
  return {
    calls: of((moment) => moment.calls_per_minute),
    latency: of((moment) => moment.p95_ms),
    queue: of((moment) => moment.queue_depth),
    memory: of((moment) => moment.memory_bytes / 1_000_000),
  };
}

export interface Failure {
  code: string;
  place: string;
  times: number;
  last: string;
}

/** The same error in the same place once, with how often it was met; the newest first. */
export function failuresOf(errors: AppMetrics["last_errors"]): Failure[] {
  const found = new Map<string, Failure>();
  for (const { at, code, place } of errors) {
    const key = `${code} ${place}`;
    const times = (found.get(key)?.times ?? 0) + 1;
    found.delete(key);
    found.set(key, { code, place, times, last: at });
  }
  return [...found.values()].reverse();
}

export function totalMemory(metrics: AppMetrics): number {
  return metrics.processes.reduce((sum, { memory_bytes }) => sum + memory_bytes, 0);
}

/** "now 3, between 0 and 12 in the last 15 min" */
export function inWords({ times, values }: Series, format: (value: number) => string): string {
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return "nothing measured yet";
  const minutes = Math.max(1, Math.round((last - first) / 60));
  const range = `between ${format(Math.min(...values))} and ${format(Math.max(...values))}`;
  return `now ${format(values.at(-1) ?? 0)}, ${range} in the last ${minutes} min`;
}
