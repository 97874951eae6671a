/** Numbers of an app, for tests that need some. */

import type { AppHealth, AppMetrics, ProcessMetrics } from "../contracts.gen";

const LOAD = {
  calls_per_minute: 0,
  average_latency_ms: 0,
  p50_ms: 0,
  p95_ms: 0,
  p99_ms: 0,
  error_rate: 0,
  refusal_rate: 0,
  calls: 0,
  errors: 0,
  refusals: 0,
  seconds: 0,
};

export const HEALTH: AppHealth = {
  version: "1.2.3",
  profile: "/home/anna/profile",
  log_folder: "~/profile/logs",
  safe_mode: false,
  schema_revision: "0002",
  write_queue_depth: 0,
  evaluations_waiting: 0,
  processes: [],
  problems: [{ code: "BANK001", message: "anna's file is broken.", remedy: "", details: null }],
};

export function aProcess(fields: Partial<ProcessMetrics>): ProcessMetrics {
  return {
    name: "main",
    state: "ready",
    pid: 70,
    uptime_seconds: 90,
    restarts: 0,
    answer_ms: null,
    processes: 1,
    memory_bytes: 70_000_000,
    resident_bytes: 80_000_000,
    descriptors: 30,
    ...fields,
  };
}

export function someMetrics(fields: Partial<AppMetrics> = {}): AppMetrics {
  return {
    at: "2026-01-01T10:15:00Z",
    version: "1.2.3",
    system: "Linux-6.1",
    python: "3.11.7",
    sqlite: "3.40.1",
    ipc: {
      ...LOAD,
      calls_per_minute: 12,
      average_latency_ms: 0.4,
      p95_ms: 2.5,
      error_rate: 0.25,
      round_trip: { ...LOAD, average_latency_ms: 0.7 },
      channels: [
        { ...LOAD, channel: "db:answers:save", calls: 8, errors: 2, calls_per_minute: 8, p50_ms: 3 },
        { ...LOAD, channel: "db:catalogue:get", calls: 4 },
      ],
    },
    database: {
      queries_per_minute: 20,
      average_query_time_ms: 0.2,
      p95_ms: 1,
      connection_pool_size: 3,
      queries: 100,
      errors: 0,
    },
    cache: {
      hit_rate: 0.8,
      miss_rate: 0.2,
      eviction_rate: 0.01,
      hits: 8,
      misses: 2,
      evictions: 0,
      entries: 2,
      size_bytes: 900,
    },
    queue: { depth: 5 },
    processes: [
      aProcess({}),
      aProcess({ name: "renderer", pid: 71, processes: 4, answer_ms: 1.5, restarts: 1 }),
      aProcess({ name: "ai_service", pid: null, state: "failed", memory_bytes: 0, uptime_seconds: 0 }),
    ],
    last_errors: [
      { at: "2026-01-01T10:10:00Z", code: "DB001", place: "db:answers:save" },
      { at: "2026-01-01T10:11:00Z", code: "APP004", place: "ai_service" },
      { at: "2026-01-01T10:12:00Z", code: "DB001", place: "db:answers:save" },
    ],
    history: [
      {
        at: "2026-01-01T10:05:00Z",
        calls_per_minute: 40,
        p95_ms: 9,
        queue_depth: 0,
        memory_bytes: 90_000_000,
      },
    ],
    ...fields,
  };
}
