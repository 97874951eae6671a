/** All of it as plain text to pass on. Nothing personal: no title, no text, no folder's name. */

import type { AppHealth, AppMetrics, ChannelMetrics, ProcessMetrics } from "../../contracts.gen";
import { count, megabytes, milliseconds, percent, uptime } from "./numbers";
import { failuresOf } from "./series";

export function reportOf(metrics: AppMetrics, health: AppHealth, browser: string): string {
  const parts = [
    facts(metrics, health, browser),
    ["Numbers of the last minute", ...numbers(metrics).map(([name, value]) => `${name}: ${value}`)],
    ["Processes", ...metrics.processes.map(processLine)],
    ["Channels (calls, p50, p95, p99, errors, refusals)", ...channels(metrics)],
    ["Last errors", ...errors(metrics)],
    ["Known problems", ...orNone(health.problems.map(({ code }) => code))],
  ];
  return `${parts.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function facts(metrics: AppMetrics, health: AppHealth, browser: string): string[] {
  return [
    `Interview App ${metrics.version}, data format ${health.schema_revision}`,
    `Taken ${metrics.at}${health.safe_mode ? ", in safe mode" : ""}`,
    `${metrics.system}, Python ${metrics.python}, SQLite ${metrics.sqlite}`,
    browser,
  ];
}

/** The plan's AppMetrics and what goes with them, by the names that the page shows. */
export function numbers({ ipc, database, cache, queue }: AppMetrics): [string, string][] {
  return [
    ["Calls", `${count(ipc.calls_per_minute)} a minute`],
    ["Average latency", milliseconds(ipc.average_latency_ms)],
    ["Latency p50 / p95 / p99", [ipc.p50_ms, ipc.p95_ms, ipc.p99_ms].map(milliseconds).join(" / ")],
    ["Round trip of the page's server", milliseconds(ipc.round_trip.average_latency_ms)],
    ["Errors", percent(ipc.error_rate)],
    ["Refused by a limit", percent(ipc.refusal_rate)],
    ["Queries", `${count(database.queries_per_minute)} a minute`],
    ["Average query", milliseconds(database.average_query_time_ms)],
    ["Open connections", count(database.connection_pool_size)],
    ["Writes waiting", count(queue.depth)],
    ["Cache hits / misses", `${percent(cache.hit_rate)} / ${percent(cache.miss_rate)}`],
    ["Evicted from the cache", percent(cache.eviction_rate)],
  ];
}

function processLine(process: ProcessMetrics): string {
  const { name, state, pid, restarts, memory_bytes, descriptors } = process;
  const parts = [
    `${name} (${pid ?? "no process"}): ${state}`,
    `up ${uptime(process.uptime_seconds)}`,
    megabytes(memory_bytes),
    `${descriptors} descriptors`,
    `${restarts} restarts`,
    `answered in ${milliseconds(process.answer_ms)}`,
  ];
  return parts.join(", ");
}

/** p50, p95 and p99 of the last minute; of a channel that nobody asked in it there are none. */
export function latencies(channel: ChannelMetrics): string[] {
  const { p50_ms, p95_ms, p99_ms, calls_per_minute } = channel;
  return [p50_ms, p95_ms, p99_ms].map((ms) => milliseconds(calls_per_minute > 0 ? ms : null));
}

function channels({ ipc }: AppMetrics): string[] {
  return orNone(
    ipc.channels.map((channel) =>
      [
        `${channel.channel}: ${channel.calls}`,
        ...latencies(channel),
        channel.errors,
        channel.refusals,
      ].join(", "),
    ),
  );
}

function errors({ last_errors }: AppMetrics): string[] {
  return orNone(
    failuresOf(last_errors).map(
      ({ code, place, times, last }) => `${code} ${place}: ${times}, last ${last}`,
    ),
  );
}

function orNone(lines: string[]): string[] {
  return lines.length > 0 ? lines : ["none"];
}
