/** Backups on screen: which there are, one more, and the export's place. */

import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ToastRegion } from "../../components/toasts";
import type { Backup } from "../../contracts.gen";
import { type Answers, refusalOf, show } from "../../testing/app";
import { Backups } from "./Backups";

let items: Backup[];
let answers: Answers;

function aBackup(number: number, change: Partial<Backup> = {}): Backup {
  const made_at = `2026-07-${String(number).padStart(2, "0")}T10:11:12.000000Z`;
  const facts = { bytes: 2_097_152, verified: true, why: "schedule", sessions: 3, answers: 1 };
  return { name: `${number}.db`, made_at, ...facts, ...change } as Backup;
}

beforeEach(() => {
  items = [];
  answers = {
    "app:backup:list": () => ({ folder: "/home/me/backups", items }),
    "app:backup:create": () => {
      const made = aBackup(28, { why: "asked" });
      items = [made, ...items];
      return made;
    },
    "app:data:export": () => ({ path: "/home/me/Downloads/mine.json", bytes: 5_000, rows: 12 }),
  };
});
afterEach(cleanup);

const backups = () =>
  show(
    <>
      <Backups />
      <ToastRegion />
    </>,
    answers,
  );

test("before the first one it says that there is none", async () => {
  backups();
  expect(await screen.findByText("There is none yet.")).toBeTruthy();
});

test("each says when, what for, what it holds and how large it is", async () => {
  items = [aBackup(9, { sessions: null, answers: null, why: null, verified: false }), aBackup(8)];
  backups();
  const [strange, known] = await screen.findAllByRole("listitem");
  expect(strange?.textContent).toContain("Not read back yet");
  expect(strange?.textContent).toContain("of unknown origin");
  expect(known?.textContent).toContain("Read back");
  expect(known?.textContent).toContain("by the hour");
  expect(known?.textContent).toContain("3 interviews, 1 answer");
  expect(known?.textContent).toContain("2.1 MB");
  expect(screen.getByText("/home/me/backups")).toBeTruthy();
});

test("the older ones are shown when they are asked for", async () => {
  items = [1, 2, 3, 4, 5, 6].map((number) => aBackup(number));
  backups();
  const list = await screen.findByRole("list", { name: "Backups" });
  expect(within(list).getAllByRole("listitem")).toHaveLength(4);
  fireEvent.click(screen.getByRole("button", { name: "Show all 6" }));
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(6));
  expect(screen.queryByRole("button", { name: /Show all/ })).toBeNull();
});

test("one that is made now is said and listed", async () => {
  const { publish } = backups();
  await screen.findByText("There is none yet.");
  fireEvent.click(screen.getByRole("button", { name: "Back up now" }));
  expect(await screen.findByText(/Backed up: 2\.1 MB/)).toBeTruthy();
  publish("backups");
  expect(await screen.findByText("made by you")).toBeTruthy();
});

test("one that can't be made is said with what to do", async () => {
  answers["app:backup:create"] = () => Promise.reject(refusalOf("DB013"));
  backups();
  fireEvent.click(await screen.findByRole("button", { name: "Back up now" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Refused with DB013.");
  expect(screen.getByRole("button", { name: "Back up now" })).toHaveProperty("disabled", false);
});

test("while one is made nothing else is begun", async () => {
  let finish = () => {};
  answers["app:data:export"] = () =>
    new Promise((resolve) => {
      finish = () => resolve({ path: "/mine.json", bytes: 1, rows: 1 });
    });
  backups();
  fireEvent.click(await screen.findByRole("button", { name: "Export everything" }));
  const busy = await screen.findByRole("button", { name: "Exporting…" });
  expect(busy).toHaveProperty("disabled", true);
  expect(screen.getByRole("button", { name: "Back up now" })).toHaveProperty("disabled", true);
  finish();
  expect(await screen.findByRole("button", { name: "Export everything" })).toBeTruthy();
});

test("an export says where it lies", async () => {
  backups();
  fireEvent.click(await screen.findByRole("button", { name: "Export everything" }));
  expect(await screen.findByText("/home/me/Downloads/mine.json")).toBeTruthy();
});
