/** Copies of everything: which there are, one more now, and all of it as a file to take away. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { useApp } from "../../context";
import type { Backup, Backups as Listed, Exported } from "../../contracts.gen";
import { dateAndTime, fileSize, plural } from "../../formats";
import { useLive } from "../../live";

export function Backups() {
  const { api } = useApp();
  const { data, error } = useLive("backups", () => api.getBackups({}), { topic: "backups" });
  return (
    <section class="setting" aria-labelledby="backups">
      <h2 id="backups">Backups</h2>
      <p>
        Every hour in which something changed, and when the app closes, a copy of everything is
        made and read back. To restore one, end the app and run{" "}
        <code class="command">interview-app restore</code>.
      </p>
      <ErrorNote error={error.value} />
      {data.value && <List listed={data.value} />}
      <Actions />
    </section>
  );
}

const SHOWN = 4;

function List({ listed }: { listed: Listed }) {
  const all = useSignal(false);
  const { items, folder } = listed;
  if (items.length === 0) return <p class="hint">There is none yet.</p>;
  const shown = all.value ? items : items.slice(0, SHOWN);
  return (
    <>
      <ul class="backups" aria-label="Backups">
        {shown.map((backup) => (
          <Row key={backup.name} backup={backup} />
        ))}
      </ul>
      {items.length > shown.length && (
        <Button look="quiet" onClick={() => (all.value = true)}>
          Show all {items.length}
        </Button>
      )}
      <p class="path">{folder}</p>
    </>
  );
}

const REASONS: Record<NonNullable<Backup["why"]>, string> = {
  asked: "made by you",
  closing: "when the app closed",
  schedule: "by the hour",
  upgrade: "before an update",
};

function Row({ backup }: { backup: Backup }) {
  const { made_at, why, sessions, answers } = backup;
  const holds =
    sessions === null || answers === null
      ? "of unknown origin"
      : `${plural(sessions, "interview")}, ${plural(answers, "answer")}`;
  return (
    <li>
      <span class={backup.verified ? "checked" : "unchecked"}>
        <Icon name={backup.verified ? "check" : "warning"} size={16} />
        <span class="sr-only">{backup.verified ? "Read back" : "Not read back yet"}</span>
      </span>
      <span>
        {dateAndTime(made_at)}
        {why && <span class="dim"> {REASONS[why]}</span>}
      </span>
      <span class="dim holds">{holds}</span>
      <span class="dim size">{fileSize(backup.bytes)}</span>
    </li>
  );
}

type Work = "backup" | "export";

function Actions() {
  const { api, toasts } = useApp();
  const working = useSignal<Work | undefined>(undefined);
  const error = useSignal<CallError | undefined>(undefined);
  const exported = useSignal<Exported | undefined>(undefined);
  const run = async (work: Work, act: () => Promise<void>) => {
    working.value = work;
    error.value = undefined;
    try {
      await act();
    } catch (reason) {
      error.value = reason as CallError;
    }
    working.value = undefined;
  };
  const backUp = () =>
    run("backup", async () => {
      const made = await api.createBackup({});
      toasts.show(`Backed up: ${fileSize(made.bytes)}, read back and whole.`);
    });
  const exportAll = () =>
    run("export", async () => {
      exported.value = undefined;
      exported.value = await api.exportData({});
    });
  return (
    <>
      <div class="row">
        <Button icon="copy" disabled={!!working.value} onClick={() => void backUp()}>
          {working.value === "backup" ? "Backing up…" : "Back up now"}
        </Button>
        <Button icon="down" disabled={!!working.value} onClick={() => void exportAll()}>
          {working.value === "export" ? "Exporting…" : "Export everything"}
        </Button>
      </div>
      <ErrorNote error={error.value} />
      <div role="status" class="exported">
        {exported.value && <ExportedNote exported={exported.value} />}
      </div>
    </>
  );
}

function ExportedNote({ exported }: { exported: Exported }) {
  return (
    <>
      <p>
        Everything you have is in this file ({fileSize(exported.bytes)}), readable and without your
        key. <code class="command">interview-app import</code> reads it into an empty profile.
      </p>
      <p class="path">{exported.path}</p>
    </>
  );
}
