/** How the app is doing, live: for who wants to know, and for who has to help. */

import { useSignal } from "@preact/signals";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import type { AppHealth, AppMetrics } from "../../contracts.gen";
import { Chart } from "./Chart";
import { count, megabytes, milliseconds } from "./numbers";
import { Report } from "./Report";
import { numbers, reportOf } from "./report";
import { seriesOf } from "./series";
import { Channels, LastErrors, Processes } from "./Tables";
import { useMetrics } from "./watch";

export function DiagnosticsScreen() {
  const { health } = useApp();
  const { metrics, error } = useMetrics();
  const report = useSignal<string | undefined>(undefined);
  const shown = metrics.value;
  const known = health.value;
  const write = () => {
    if (shown && known) report.value = reportOf(shown, known, navigator.userAgent);
  };
  return (
    <div class="diagnostics">
      <header class="screen-head with-action">
        <div>
          <h1>Diagnostics</h1>
          <p class="lead">How the app is doing. All of it stays on this computer.</p>
        </div>
        <Button icon="copy" disabled={!shown || !known} onClick={write}>
          Copy report…
        </Button>
      </header>
      <ErrorNote error={error.value} />
      {shown && <Live metrics={shown} health={known} />}
      {report.value !== undefined && (
        <Report text={report.value} onClose={() => (report.value = undefined)} />
      )}
    </div>
  );
}

function Live({ metrics, health }: { metrics: AppMetrics; health: AppHealth | undefined }) {
  const { calls, latency, queue, memory } = seriesOf(metrics);
  const inMB = (value: number) => megabytes(value * 1_000_000);
  return (
    <>
      <div class="charts">
        <Chart title="Calls a minute" series={calls} format={count} least={4} />
        <Chart title="Latency, 95 of 100 within" series={latency} format={milliseconds} />
        <Chart title="Writes waiting" series={queue} format={count} least={4} />
        <Chart title="Memory" series={memory} format={inMB} short={count} />
      </div>
      <section class="panel" aria-labelledby="processes">
        <h2 id="processes">Processes</h2>
        <Processes processes={metrics.processes} />
      </section>
      <section class="panel" aria-labelledby="numbers">
        <h2 id="numbers">The last minute</h2>
        <dl class="numbers">
          {numbers(metrics).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section class="panel" aria-labelledby="errors">
        <h2 id="errors">Last errors</h2>
        <LastErrors errors={metrics.last_errors} />
        {health && (
          <p class="hint">
            The logs say more, and nothing you wrote: <code>{health.log_folder}</code>
          </p>
        )}
      </section>
      <section class="panel" aria-labelledby="channels">
        <h2 id="channels">Channels</h2>
        <Channels channels={metrics.ipc.channels} />
      </section>
    </>
  );
}
