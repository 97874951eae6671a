/** The recordings of an interview: their text is written once, and none is lost on the way. */

import { beforeEach, expect, test } from "vitest";
import type { Recording } from "../../contracts.gen";
import { type Answers, anApi } from "../../testing/app";
import { FakeMicrophone } from "../../testing/microphone";
import { anAsked, aSession } from "../../testing/sessions";
import { aRecording, aTranscript } from "../../testing/spoken";
import { Recorder } from "./recorder";
import { type Heard, SpokenAnswers } from "./spoken-answers";

let stored: Recording;
let answers: Answers;
let heard: Heard[];
let discarded: string[];
let next: number;

const ready = (text = "I would use a key.") =>
  ({ ...stored, state: "ready", transcript: aTranscript({ text }) }) as const;

beforeEach(() => {
  [heard, discarded, next] = [[], [], 1];
  stored = aRecording();
  answers = {
    "db:recordings:start": () => (stored = aRecording({ id: `0199c0de-0001-7abc-8def-00000000000${next++}` })),
    "db:recordings:stop": () => (stored = { ...stored, state: "transcribing" }),
    "db:recordings:discard": ({ recording_id }) => {
      discarded.push(recording_id);
      return {};
    },
    "db:recordings:get": () => stored,
    "db:recordings:list": () => ({ items: [{ ...stored, transcript: null }] }),
  };
});

function someSpoken(): SpokenAnswers {
  const api = anApi(answers);
  const { open } = new FakeMicrophone();
  const recorder = new Recorder({ api, sendBytes: () => undefined, open });
  return new SpokenAnswers(api, recorder, (one) => heard.push(one));
}

async function speak(spoken: SpokenAnswers, text: string): Promise<void> {
  await spoken.start("asked-0");
  await spoken.stop();
  stored = ready(text);
  await spoken.changed([stored.id]);
}

test("what was heard is written once, however often the app says that it changed", async () => {
  const spoken = someSpoken();
  await speak(spoken, "I would use a key.");
  await spoken.changed([stored.id]);
  await spoken.changed([]);
  expect(heard).toEqual([{ questionId: "asked-0", text: "I would use a key.", before: undefined }]);
});

test("while it is still said it is shown, and not written", async () => {
  const spoken = someSpoken();
  await spoken.start("asked-0");
  stored = { ...stored, transcript: aTranscript({ text: "I would" }) };
  await spoken.changed([stored.id]);
  expect(spoken.of("asked-0")?.transcript?.text).toBe("I would");
  expect(heard).toEqual([]);
});

test("said again, the one before is deleted and known as what was heard before", async () => {
  const spoken = someSpoken();
  await speak(spoken, "First.");
  const first = stored.id;
  await speak(spoken, "Second.");
  expect(discarded).toEqual([first]);
  expect(heard.at(-1)).toEqual({ questionId: "asked-0", text: "Second.", before: "First." });
});

test("an answer names its recording, and whether it is kept if that was chosen", async () => {
  const spoken = someSpoken();
  spoken.way.value = "speak";
  expect(spoken.handIn("asked-0")).toEqual({});
  await speak(spoken, "First.");
  expect(spoken.handIn("asked-0")).toEqual({ recording_id: stored.id });
  spoken.choose("asked-0", false);
  expect(spoken.handIn("asked-0")).toEqual({ recording_id: stored.id, keep_recording: false });
  spoken.way.value = "type";
  expect(spoken.handIn("asked-0")).toEqual({});
});

test("handed in, it is no longer what the next answer is spoken into", async () => {
  const spoken = someSpoken();
  await speak(spoken, "First.");
  stored = { ...stored, answer_id: "answer" };
  await spoken.changed([stored.id]);
  expect(spoken.of("asked-0")).toBeUndefined();
});

test("a recording found after a crash is written down where nothing is written yet", async () => {
  stored = ready("Found again.");
  const spoken = someSpoken();
  await spoken.load(aSession());
  expect(spoken.way.value).toBe("speak");
  expect(heard).toEqual([{ questionId: "asked-0", text: "Found again.", before: undefined }]);
});

test("a recording whose text is in the draft already is found, and its text left alone", async () => {
  stored = ready("First I looked. Then I fixed it.");
  const spoken = someSpoken();
  const draft = "First I looked. Then I mended it.";
  await spoken.load(aSession({ questions: [anAsked({ draft })] }));
  expect(spoken.of("asked-0")?.id).toBe(stored.id);
  expect(heard).toEqual([]);
});

test("what was written down while the interview was closed comes to what was typed before", async () => {
  stored = ready("Said later.");
  const spoken = someSpoken();
  await spoken.load(aSession({ questions: [anAsked({ draft: "Typed before." })] }));
  expect(heard).toEqual([{ questionId: "asked-0", text: "Said later.", before: undefined }]);
});

test("a recording that was never ended is ended when the person says so, and written down", async () => {
  const spoken = someSpoken();
  await spoken.load(aSession());
  const found = spoken.of("asked-0");
  expect(found?.state).toBe("recording");
  if (found) await spoken.finish(found);
  expect(spoken.of("asked-0")?.state).toBe("transcribing");
  stored = ready();
  await spoken.changed([stored.id]);
  expect(heard).toHaveLength(1);
});

test("begun again, what was said so far is deleted", async () => {
  const spoken = someSpoken();
  await spoken.start("asked-0");
  const first = stored.id;
  await spoken.again("asked-0");
  expect(discarded).toEqual([first]);
  expect(spoken.recorder.stage.value).toBe("recording");
  expect(spoken.of("asked-0")?.id).not.toBe(first);
});

test("a recording that the app ended lets the microphone go", async () => {
  const spoken = someSpoken();
  await spoken.start("asked-0");
  stored = { ...stored, state: "transcribing" };
  await spoken.changed([stored.id]);
  await new Promise<void>((done) => spoken.recorder.stage.subscribe((now) => now === "idle" && done()));
  expect(spoken.recorder.recording.value).toBeUndefined();
});
