/** Where everything lies, and how to get rid of it. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNote } from "../../components/error-note";
import { Field } from "../../components/field";
import { useApp } from "../../context";
import { plural } from "../../formats";
import { go } from "../../routing";

export function Data() {
  const { health } = useApp();
  const wiping = useSignal(false);
  return (
    <section class="setting" aria-labelledby="data">
      <h2 id="data">Your data</h2>
      <p>Interviews, answers and your own questions lie in one folder on this computer:</p>
      <p class="path">{health.value?.profile ?? "…"}</p>
      <Button look="danger" icon="delete" onClick={() => (wiping.value = true)}>
        Wipe everything…
      </Button>
      {wiping.value && <Wipe close={() => (wiping.value = false)} />}
    </section>
  );
}

const CONFIRM = "wipe everything";

function Wipe({ close }: { close: () => void }) {
  const { api, toasts, shelf } = useApp();
  const typed = useSignal("");
  const error = useSignal<CallError | undefined>(undefined);
  const wipe = async (event: Event) => {
    event.preventDefault();
    if (typed.value.trim() !== CONFIRM) return;
    try {
      const { sessions, questions } = await api.wipeData({ confirm: CONFIRM });
      shelf.clear();
      const counts = `${plural(sessions, "interview")} and ${plural(questions, "question")}`;
      toasts.show(`All is gone: ${counts} of your own.`);
      close();
      go({ screen: "start" });
    } catch (reason) {
      error.value = reason as CallError;
    }
  };
  return (
    <Dialog title="Wipe everything?" onClose={close}>
      <form onSubmit={(event) => void wipe(event)}>
        <div class="dialog-body">
          <p>
            Every interview, every answer, your own questions, all settings, the key and the backups
            are deleted for good. <strong>This can't be undone.</strong>
          </p>
          <Field label={`Type “${CONFIRM}” to go on`}>
            {(ids) => (
              <input
                {...ids}
                autocomplete="off"
                spellcheck={false}
                value={typed.value}
                onInput={(event) => (typed.value = event.currentTarget.value)}
              />
            )}
          </Field>
          <ErrorNote error={error.value} />
        </div>
        <footer class="dialog-foot">
          <Button onClick={close}>Keep everything</Button>
          <Button look="danger" type="submit" disabled={typed.value.trim() !== CONFIRM}>
            Wipe everything
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
