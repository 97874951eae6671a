/** Where a person begins: one click, or an interview of their own choice. */

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CallError } from "../../bridge";
import { ErrorNote } from "../../components/error-note";
import { useShortcuts } from "../../components/shortcuts";
import { useApp } from "../../context";
import type { SessionSetup } from "../../contracts.gen";
import { greeting } from "../../formats";
import { useLive } from "../../live";
import { go } from "../../routing";
import { Plan } from "./Plan";
import { Resume } from "./Resume";
import { Roles, Topics } from "./Subjects";
import { defaultSetup, unfinished } from "./setup";

export function StartScreen() {
  const { api } = useApp();
  const catalogue = useLive("catalogue", () => api.getCatalogue({}), { topic: "questions" });
  const history = useLive("recent", () => api.getHistory({ limit: 20 }), { topic: "sessions" });
  const setup = useSignal<SessionSetup | undefined>(undefined);
  const error = useSignal<CallError | undefined>(undefined);
  const starting = useSignal(false);

  const recent = history.data.value?.items;
  useEffect(() => {
    if (recent) setup.value ??= defaultSetup(recent);
  }, [recent]);
  const usable = setup.value !== undefined;
  useEffect(() => {
    // For those who measure how long a start takes.
    if (usable) performance.mark("usable");
  }, [usable]);

  const start = async () => {
    if (!setup.value || starting.value) return;
    starting.value = true;
    try {
      const session = await api.startSession({ setup: setup.value });
      go({ screen: "interview", id: session.id });
    } catch (reason) {
      error.value = reason as CallError;
      starting.value = false;
    }
  };
  const change = (part: Partial<SessionSetup>) => {
    if (setup.value) setup.value = { ...setup.value, ...part };
    error.value = undefined;
  };
  useShortcuts({ "Ctrl+Enter": () => void start() });

  const open = unfinished(recent ?? []);
  const failed = error.value ?? catalogue.error.value ?? history.error.value;
  return (
    <div class="start">
      <header class="start-head">
        <h1>{greeting(new Date().getHours())}.</h1>
        <p class="lead">
          {open
            ? "Pick up where you left off, or start afresh."
            : "Ready for a practice interview? Press Start, or make it your own."}
        </p>
      </header>
      {open && <Resume session={open} />}
      <ErrorNote error={failed} />
      {!setup.value && !failed && <Coming />}
      {setup.value && (
        <div class="start-body">
          <Plan
            setup={setup.value}
            catalogue={catalogue.data.value}
            change={change}
            start={() => void start()}
            starting={starting.value}
          />
          <div class="subjects">
            <Roles setup={setup.value} catalogue={catalogue.data.value} change={change} />
            <Topics setup={setup.value} catalogue={catalogue.data.value} change={change} />
          </div>
        </div>
      )}
    </div>
  );
}

/** The shape of what is about to be there. */
function Coming() {
  return (
    <div class="start-body" aria-hidden="true">
      <div class="coming plan-coming" />
      <div class="role-grid">
        {Array.from({ length: 8 }, (_, place) => (
          <div key={place} class="coming" />
        ))}
      </div>
    </div>
  );
}
