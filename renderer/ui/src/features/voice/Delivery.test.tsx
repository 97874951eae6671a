/** How an answer was said, with its recording, without it, and while it is deleted. */

import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { Recording } from "../../contracts.gen";
import { type Answers, refusalOf, show } from "../../testing/app";
import { aRecording, aTranscript, someFacts } from "../../testing/spoken";
import { Delivery } from "./Delivery";

let stored: Recording;
let answers: Answers;

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
});
beforeEach(() => {
  stored = aRecording({ state: "ready", transcript: aTranscript() });
  answers = {
    "db:recordings:get": () => stored,
    "db:recordings:deletesound": () => (stored = { ...stored, kept: false }),
  };
});
afterEach(cleanup);

const askToDelete = async () => {
  fireEvent.click(await screen.findByRole("button", { name: "Delete the recording…" }));
  return within(screen.getByRole("dialog"));
};

test("measures are shown beside what is usual, with the source", () => {
  show(<Delivery facts={someFacts()} />, answers);
  expect(screen.getByText("142 words a minute")).toBeTruthy();
  expect(screen.getByText(/Usual: 124 to 189 words a minute. A study of interviews/)).toBeTruthy();
});

test("a recording is deleted after it was said what goes and what stays", async () => {
  const { publish } = show(<Delivery facts={someFacts()} />, answers);
  const dialog = await askToDelete();
  expect(dialog.getByText(/in no backup and no export/)).toBeTruthy();
  fireEvent.click(dialog.getByRole("button", { name: "Delete the recording" }));
  await waitFor(() => expect(stored.kept).toBe(false));
  publish("recordings", stored.id);
  await waitFor(() => expect(screen.queryByRole("button", { name: /Listen/ })).toBeNull());
});

test("one that can't be deleted is said, and stays", async () => {
  answers["db:recordings:deletesound"] = () => Promise.reject(refusalOf("DB010"));
  show(<Delivery facts={someFacts()} />, answers);
  const dialog = await askToDelete();
  fireEvent.click(dialog.getByRole("button", { name: "Delete the recording" }));
  expect((await screen.findByRole("alert")).textContent).toContain("DB010");
});

test("without its recording the picture and the measures are there", async () => {
  answers["db:recordings:get"] = () => Promise.reject(refusalOf("DB007"));
  show(<Delivery facts={someFacts()} />, answers);
  expect(await screen.findByText(/1 pause and 3 fillers in 1:30/)).toBeTruthy();
  expect(screen.queryByRole("button", { name: /Listen/ })).toBeNull();
});
