/** Version, the state of each process, and problems in plain words. */

import { problemsOf } from "../../components/banners";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { Keys } from "../../components/keys";
import { useApp } from "../../context";
import type { AppHealth, ProcessHealth } from "../../contracts.gen";
import { plural, title } from "../../formats";
import { useLive } from "../../live";
import { href } from "../../routing";

export function About() {
  const { api, health, healthError } = useApp();
  const counted = useLive("waiting", () => api.getHealth({}), { topic: "sessions" }).data.value;
  const shown = health.value;
  return (
    <section class="setting" aria-labelledby="about">
      <h2 id="about">About and health</h2>
      <ErrorNote error={healthError.value} />
      {shown && <Health health={shown} waiting={(counted ?? shown).evaluations_waiting} />}
      {problemsOf(shown).map((problem) => (
        <ErrorNote key={problem.message} error={problem} />
      ))}
      <p class="row">
        <a class="button" href={href({ screen: "diagnostics" })} aria-keyshortcuts="Alt+5">
          <Icon name="chart" size={18} />
          Diagnostics
          <Keys keys="Alt+5" />
        </a>
        <span class="hint">Live numbers, the last errors, and a report to pass on.</span>
      </p>
    </section>
  );
}

function Health({ health, waiting }: { health: AppHealth; waiting: number }) {
  return (
    <>
      <dl class="facts">
        <div>
          <dt>Version</dt>
          <dd>{health.version}</dd>
        </div>
        <div>
          <dt>Data format</dt>
          <dd>{health.schema_revision}</dd>
        </div>
        <div>
          <dt>Evaluations waiting</dt>
          <dd>{waiting}</dd>
        </div>
      </dl>
      <ul class="processes" aria-label="Processes">
        {health.processes.map((process) => (
          <Process key={process.name} process={process} />
        ))}
      </ul>
      {problemsOf(health).length === 0 && <p class="hint">No problems are known.</p>}
    </>
  );
}

const NAMES: Record<string, string> = { renderer: "Window and page", ai_service: "Evaluation service" };

const STATES: Record<ProcessHealth["state"], string> = {
  starting: "Starting",
  ready: "Running",
  restarting: "Starting again",
  stopped: "Stopped",
  failed: "Failed",
};

function Process({ process }: { process: ProcessHealth }) {
  const { name, state, restarts } = process;
  return (
    <li>
      <span class={`dot ${state}`} aria-hidden="true" />
      <span>{NAMES[name] ?? title(name.replaceAll("_", "-"))}</span>
      <span class="dim">
        {STATES[state]}
        {restarts > 0 && `, ${plural(restarts, "restart")}`}
      </span>
    </li>
  );
}
