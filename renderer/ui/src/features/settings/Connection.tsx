/** Asks the server for a few words, to see whether it answers before anything depends on it. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { useApp } from "../../context";
import type { ServerAnswered, TryServer } from "../../contracts.gen";

export interface ConnectionProps {
  /** What is entered now; undefined if it is not right, which is said where it stands. */
  wanted: () => TryServer | undefined;
}

export function Connection({ wanted }: ConnectionProps) {
  const { api } = useApp();
  const running = useSignal(false);
  const found = useSignal<ServerAnswered | undefined>(undefined);
  const error = useSignal<CallError | undefined>(undefined);
  const test = async () => {
    const server = wanted();
    found.value = error.value = undefined;
    if (!server) return;
    running.value = true;
    try {
      found.value = await api.testServer(server);
    } catch (reason) {
      error.value = reason as CallError;
    } finally {
      running.value = false;
    }
  };
  return (
    <div class="connection">
      <Button disabled={running.value} onClick={() => void test()}>
        {running.value ? "Testing…" : "Test connection"}
      </Button>
      <p class="hint">Sends a fixed sentence and your key to this address, no question and no answer.</p>
      <div role="status">{found.value && <Works found={found.value} />}</div>
      <ErrorNote error={error.value} />
    </div>
  );
}

function Works({ found }: { found: ServerAnswered }) {
  const { model, milliseconds, tokens, structured } = found;
  const took = tokens && tokens.sent + tokens.received > 0;
  return (
    <p class="works">
      <Icon name="check" size={18} />
      <span>
        It works: <strong class="host">{model}</strong> answered in {milliseconds.toLocaleString()}{" "}
        ms{took ? `, ${tokens.sent} tokens sent and ${tokens.received} received` : ""}.
        {!structured && " It did not keep to the form asked for; its evaluations may fail."}
      </span>
    </p>
  );
}
