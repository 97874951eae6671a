/** What there is several of: processes, channels, errors. */

import type { ComponentChildren } from "preact";
import type { AppMetrics, ProcessMetrics } from "../../contracts.gen";
import { dateAndTime, plural, title } from "../../formats";
import { count, megabytes, milliseconds, uptime } from "./numbers";
import { latencies } from "./report";
import { failuresOf } from "./series";

const NAMES: Record<string, string> = {
  main: "Main process",
  renderer: "Window and page",
  ai_service: "Evaluation service",
};

const STATES: Record<ProcessMetrics["state"], string> = {
  starting: "Starting",
  ready: "Running",
  restarting: "Starting again",
  stopped: "Stopped",
  failed: "Failed",
};

/** The first column is text and the rest are numbers. */
function Table({ heads, children }: { heads: readonly string[]; children: ComponentChildren }) {
  return (
    <div class="table-box" tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

const PROCESS_HEADS = ["Process", "State", "Id", "Up for", "Memory", "Restarts", "Answers in"];

export function Processes({ processes }: { processes: AppMetrics["processes"] }) {
  return (
    <Table heads={PROCESS_HEADS}>
      {processes.map((process) => (
        <tr key={process.name}>
          <th scope="row">
            {NAMES[process.name] ?? title(process.name.replaceAll("_", "-"))}
            {process.processes > 1 && (
              <span class="hint"> with {plural(process.processes - 1, "helper")}</span>
            )}
          </th>
          <td>
            <span class="state">
              <span class={`dot ${process.state}`} aria-hidden="true" />
              {STATES[process.state]}
            </span>
          </td>
          <td>{process.pid ?? "–"}</td>
          <td>{uptime(process.uptime_seconds)}</td>
          <td>{megabytes(process.memory_bytes)}</td>
          <td>{process.restarts}</td>
          <td>{process.name === "main" ? "–" : milliseconds(process.answer_ms)}</td>
        </tr>
      ))}
    </Table>
  );
}

const CHANNEL_HEADS = ["Channel", "Calls", "p50", "p95", "p99", "Errors", "Refused"];

export function Channels({ channels }: { channels: AppMetrics["ipc"]["channels"] }) {
  return (
    <Table heads={CHANNEL_HEADS}>
      {channels.map((channel) => (
        <tr key={channel.channel}>
          <th scope="row">
            <code>{channel.channel}</code>
          </th>
          <td>{count(channel.calls)}</td>
          {latencies(channel).map((latency, at) => (
            <td key={at}>{latency}</td>
          ))}
          <td>{count(channel.errors)}</td>
          <td>{count(channel.refusals)}</td>
        </tr>
      ))}
    </Table>
  );
}

/** The newest first. */
export function LastErrors({ errors }: { errors: AppMetrics["last_errors"] }) {
  if (errors.length === 0) return <p class="hint">Nothing has failed since the start.</p>;
  return (
    <Table heads={["Error", "Where", "Times", "Last"]}>
      {failuresOf(errors).map(({ code, place, times, last }) => (
        <tr key={code + place}>
          <th scope="row">
            <code class="code">{code}</code>
          </th>
          <td>
            <code>{place}</code>
          </td>
          <td>{times}</td>
          <td>{dateAndTime(last)}</td>
        </tr>
      ))}
    </Table>
  );
}
