/** A recording from its first piece to its last: what is sent, and what goes wrong on the way. */

import { beforeEach, expect, test } from "vitest";
import type { CallError } from "../../bridge";
import type { Recording } from "../../contracts.gen";
import { type Answers, anApi, refusalOf } from "../../testing/app";
import { FakeMicrophone } from "../../testing/microphone";
import { aRecording } from "../../testing/spoken";
import { Recorder } from "./recorder";

let microphone: FakeMicrophone;
let answers: Answers;
let sent: [number, number][];
let stopped: unknown[];
let discarded: unknown[];

beforeEach(() => {
  microphone = new FakeMicrophone();
  [sent, stopped, discarded] = [[], [], []];
  answers = {
    "db:recordings:start": () => aRecording(),
    "db:recordings:stop": (request) => {
      stopped.push(request);
      return aRecording({ state: "transcribing" });
    },
    "db:recordings:discard": (request) => {
      discarded.push(request);
      return {};
    },
  };
});

function aRecorder(): Recorder {
  const sendBytes = (bytes: Uint8Array) => sent.push([bytes[16] ?? -1, bytes[20] ?? -1]);
  return new Recorder({ api: anApi(answers), sendBytes, open: microphone.open });
}

const { id } = aRecording();

test("every piece is sent with its number, the last one too, and the end says how many", async () => {
  const recorder = aRecorder();
  await recorder.start("asked-0", "usb");
  microphone.hear(7, 8);
  await expect(recorder.stop()).resolves.toMatchObject({ state: "transcribing" });
  expect(microphone.device).toBe("usb");
  expect(sent).toEqual([[0, 7], [1, 8], [2, 9]]);
  expect(stopped).toEqual([{ recording_id: id, pieces: 3 }]);
  expect(recorder.stage.value).toBe("idle");
});

test("what is said before the app has begun the recording is not lost", async () => {
  let begin: (recording: Recording) => void = () => undefined;
  answers["db:recordings:start"] = () => new Promise((done) => (begin = done));
  const recorder = aRecorder();
  const started = recorder.start("asked-0", "");
  await new Promise<void>((done) => recorder.stage.subscribe((now) => now === "recording" && done()));
  microphone.hear(1, 2);
  expect(sent).toEqual([]);
  begin(aRecording());
  await started;
  microphone.hear(3);
  expect(sent).toEqual([[0, 1], [1, 2], [2, 3]]);
});

test("a pause holds the microphone, and its time doesn't count", async () => {
  const recorder = aRecorder();
  await recorder.start("asked-0", "");
  microphone.loud(0.5, 20);
  recorder.pause();
  expect(recorder.stage.value).toBe("paused");
  expect(recorder.level.value.peak).toBe(0);
  recorder.goOn();
  microphone.loud(0.5, 20);
  expect(recorder.elapsedMs.value).toBe(2_000);
  expect(microphone.done).toEqual(["open", "pause", "go"]);
});

test("a microphone that is refused leaves nothing behind but the reason", async () => {
  microphone.refusal = refusalOf("MIC001");
  const recorder = aRecorder();
  await recorder.start("asked-0", "");
  expect(recorder.error.value?.code).toBe("MIC001");
  expect(recorder.stage.value).toBe("idle");
});

test("a recording that the app refuses lets the microphone go", async () => {
  answers["db:recordings:start"] = () => Promise.reject(refusalOf("MIC011"));
  const recorder = aRecorder();
  await recorder.start("asked-0", "");
  expect(recorder.error.value?.code).toBe("MIC011");
  expect(microphone.done).toEqual(["open", "close"]);
  expect(sent).toEqual([]);
});

test("a microphone that is pulled out holds the recording and says so", async () => {
  const recorder = aRecorder();
  await recorder.start("asked-0", "");
  microphone.listener?.ended();
  expect(recorder.error.value?.code).toBe("MIC003");
  expect(recorder.stage.value).toBe("paused");
});

test("four seconds in which hardly anything is heard are said, until something is", async () => {
  const recorder = aRecorder();
  await recorder.start("asked-0", "");
  microphone.loud(0.01, 79);
  expect(recorder.quiet.value).toBe(false);
  microphone.loud(0.01);
  expect(recorder.quiet.value).toBe(true);
  microphone.loud(0.3);
  expect(recorder.quiet.value).toBe(false);
});

test("what is discarded is deleted, and the next recording counts from the beginning", async () => {
  const recorder = aRecorder();
  await recorder.start("asked-0", "");
  microphone.hear(1);
  await recorder.discard();
  expect(discarded).toEqual([{ recording_id: id }]);
  await recorder.start("asked-0", "");
  microphone.hear(5);
  expect(sent.at(-1)).toEqual([0, 5]);
  expect(recorder.elapsedMs.value).toBe(0);
});

test("an end that doesn't reach the app is said; the sound is there", async () => {
  answers["db:recordings:stop"] = () => Promise.reject(refusalOf("IPC003"));
  const recorder = aRecorder();
  await recorder.start("asked-0", "");
  await expect(recorder.stop()).resolves.toBeUndefined();
  expect((recorder.error.value as CallError).code).toBe("IPC003");
  expect(recorder.stage.value).toBe("idle");
});
