/** Says something, hears it again: whether the microphone works, before it matters. */

import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { DeviceChoice } from "./DeviceChoice";
import { Meter } from "./Meter";
import { MicTest, type Verdict } from "./mic-test";
import { openMicrophone } from "./microphone";
import { usePlayer } from "./player";

const WORDS: Record<Verdict, string> = {
  good: "You can be heard well.",
  quiet: "You are hard to hear. Come nearer, or turn the microphone up in the system's settings.",
  loud: "It is too loud and gets cut off. Turn the microphone down a little, or move back.",
  silent: "Nothing was heard. Is the microphone on, and is it the right one?",
};

export function MicCheck() {
  const test = useMemo(() => new MicTest(openMicrophone), []);
  const device = useSignal("");
  useEffect(() => () => test.close(), []);
  const busy = test.stage.value !== "idle";
  return (
    <div class="mic-check">
      <div class="mic-check-row">
        <Button icon="microphone" disabled={busy} onClick={() => void test.run(device.value)}>
          {busy ? "Say a sentence…" : "Check the microphone"}
        </Button>
        <DeviceChoice device={device} disabled={busy} />
        {busy && <Meter level={test.level.value} />}
      </div>
      <ErrorNote error={test.error.value} />
      <div role="status">
        {test.verdict.value && !busy && <p>{WORDS[test.verdict.value]}</p>}
      </div>
      {test.url.value && !busy && <Again key={test.url.value} url={test.url.value} />}
    </div>
  );
}

function Again({ url }: { url: string }) {
  const player = usePlayer(url);
  const playing = player.playing.value;
  return (
    <p>
      <Button
        look="quiet"
        icon={playing ? "stop" : "play"}
        onClick={() => (playing ? player.stop() : player.play())}
      >
        {playing ? "Stop" : "Hear yourself"}
      </Button>
    </p>
  );
}
