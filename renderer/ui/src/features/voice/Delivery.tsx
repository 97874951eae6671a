/** How a spoken answer was said, and the recording of it as long as there is one. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { Dialog } from "../../components/dialog";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import type { Recording, SpokenFacts } from "../../contracts.gen";
import { useLive } from "../../live";
import { measures } from "./delivery";
import { PlayBar } from "./PlayBar";
import { recordingUrl, usePlayer } from "./player";
import { Timeline } from "./Timeline";

export function Delivery({ facts }: { facts: SpokenFacts }) {
  const { api } = useApp();
  const id = facts.recording_id;
  const read = () => api.getRecording({ recording_id: id });
  const recording = useLive(id, read, { topic: "recordings", id }).data.value;
  return (
    <section class="delivery" aria-label="How it was said">
      <h3>How it was said</h3>
      {recording?.kept ? (
        <Kept recording={recording} facts={facts} />
      ) : (
        <Timeline durationMs={facts.duration_ms} pauses={facts.pauses} fillers={facts.fillers} atMs={0} />
      )}
      <dl class="delivery-rows">
        {measures(facts).map(({ name, value, usual }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {usual && <dd class="usual">{usual}</dd>}
          </div>
        ))}
      </dl>
      <p class="hint">
        Measured in the recording, by a computer: a guide, and no judgement. What is usual is not
        what is right.
      </p>
    </section>
  );
}

function Kept({ recording, facts }: { recording: Recording; facts: SpokenFacts }) {
  const player = usePlayer(recordingUrl(recording.id));
  const deleting = useSignal(false);
  return (
    <>
      <PlayBar
        player={player}
        durationMs={recording.duration_ms}
        pauses={recording.transcript?.pauses ?? facts.pauses}
        fillers={facts.fillers}
      />
      <p>
        <Button look="quiet" icon="delete" onClick={() => (deleting.value = true)}>
          Delete the recording…
        </Button>
      </p>
      {deleting.value && <DeleteSound id={recording.id} close={() => (deleting.value = false)} />}
    </>
  );
}

function DeleteSound({ id, close }: { id: string; close: () => void }) {
  const { api, toasts } = useApp();
  const error = useSignal<CallError | undefined>(undefined);
  const remove = async () => {
    try {
      await api.deleteSound({ recording_id: id });
      toasts.show("The recording is deleted.");
      close();
    } catch (reason) {
      error.value = reason as CallError;
    }
  };
  return (
    <Dialog title="Delete the recording?" onClose={close}>
      <div class="dialog-body">
        <p>
          Its sound is gone from this computer at once, and can't be brought back: recordings are in
          no backup and no export.
        </p>
        <p class="dim">The text of your answer, and what was measured, stay.</p>
        <ErrorNote error={error.value} />
      </div>
      <footer class="dialog-foot">
        <Button onClick={close}>Keep it</Button>
        <Button look="danger" onClick={() => void remove()}>
          Delete the recording
        </Button>
      </footer>
    </Dialog>
  );
}
