/** What a person sees while an answer is spoken, in each state and by what they do. */

import { act, cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Recording } from "../../contracts.gen";
import { type Answers, anApi, refusalOf, show } from "../../testing/app";
import { FakeMicrophone } from "../../testing/microphone";
import { aRecording, aTranscript } from "../../testing/spoken";
import { Recorder } from "./recorder";
import { SpeakPanel } from "./SpeakPanel";
import { SpokenAnswers } from "./spoken-answers";

let microphone: FakeMicrophone;
let stored: Recording;
let answers: Answers;

beforeEach(() => {
  microphone = new FakeMicrophone();
  stored = aRecording();
  answers = {
    "db:recordings:start": () => stored,
    "db:recordings:stop": () => (stored = { ...stored, state: "transcribing" }),
    "db:recordings:get": () => stored,
    "db:recordings:discard": () => ({}),
  };
  const media = Object.assign(new EventTarget(), { enumerateDevices: async () => [] });
  Object.defineProperty(navigator, "mediaDevices", { value: media, configurable: true });
});
afterEach(cleanup);

function panel(written = false) {
  const api = anApi(answers);
  const recorder = new Recorder({ api, sendBytes: () => undefined, open: microphone.open });
  const spoken = new SpokenAnswers(api, recorder, () => undefined);
  show(<SpeakPanel spoken={spoken} questionId="asked-0" written={written} />);
  return spoken;
}

const begin = () => fireEvent.click(screen.getByRole("button", { name: "Start speaking" }));

test("it begins, is held, goes on and ends", async () => {
  panel();
  begin();
  expect(await screen.findByText("Recording")).toBeTruthy();
  act(() => microphone.loud(0.5, 40));
  expect(screen.getByRole("timer").textContent).toBe("0:02");
  fireEvent.click(screen.getByRole("button", { name: "Hold" }));
  expect(screen.getByRole("status").textContent).toBe("Paused");
  fireEvent.click(screen.getByRole("button", { name: "Go on" }));
  fireEvent.click(screen.getByRole("button", { name: "I have finished" }));
  expect(await screen.findByText("Writing down what you said…")).toBeTruthy();
});

test("the words so far appear while it is still said", async () => {
  const spoken = panel();
  begin();
  await screen.findByText("Recording");
  stored = { ...stored, transcript: aTranscript({ text: "I would use" }) };
  await act(() => spoken.changed([stored.id]));
  expect(screen.getByRole("log").textContent).toBe("I would use");
});

test("a microphone that isn't allowed is said with its code and what to do", async () => {
  microphone.refusal = refusalOf("MIC001");
  panel();
  begin();
  expect((await screen.findByRole("alert")).textContent).toContain("MIC001");
  expect(screen.getByRole("button", { name: "Start speaking" })).toHaveProperty("disabled", false);
});

test("a microphone that hears nothing is said while there is time", async () => {
  panel();
  begin();
  await screen.findByText("Recording");
  act(() => microphone.loud(0, 80));
  expect((await screen.findByRole("alert")).textContent).toContain("Hardly anything is heard");
});

test("who has written something already is told where the rest goes", () => {
  panel(true);
  expect(screen.getByText(/put after what is written/)).toBeTruthy();
});
