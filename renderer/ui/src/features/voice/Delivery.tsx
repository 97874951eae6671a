/** How a spoken answer was said, and the recording of it as long as there is one. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
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
  const { api, toasts } = useApp();
  const player = usePlayer(recordingUrl(recording.id));
  const error = useSignal<CallError | undefined>(undefined);
  const remove = async () => {
    try {
      await api.deleteSound({ recording_id: recording.id });
      toasts.show("The recording is deleted. What was heard in it stays.");
    } catch (reason) {
      error.value = reason as CallError;
    }
  };
  return (
    <>
      <PlayBar
        player={player}
        durationMs={recording.duration_ms}
        pauses={recording.transcript?.pauses ?? facts.pauses}
        fillers={facts.fillers}
      />
      <ErrorNote error={error.value} />
      <p>
        <Button look="quiet" icon="delete" onClick={() => void remove()}>
          Delete the recording
        </Button>
      </p>
    </>
  );
}
