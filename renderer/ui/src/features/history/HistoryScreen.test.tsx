/** The history on screen: deleting with undo, renaming, refusals. */

import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ToastRegion } from "../../components/toasts";
import type { SessionSummary } from "../../contracts.gen";
import { type Answers, refusalOf, show } from "../../testing/app";
import { aSession, aSummary } from "../../testing/sessions";
import { HistoryScreen } from "./HistoryScreen";

let sessions: SessionSummary[];
let answers: Answers;

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", undefined);
  sessions = [aSummary({ id: "a", title: "First" }), aSummary({ id: "b", title: "Second" })];
  const deleted: SessionSummary[] = [];
  answers = {
    "db:session:history": () => ({ items: sessions, next: null }),
    "db:catalogue:get": () => ({ roles: [], topics: [] }),
    "db:session:delete": ({ session_id }) => {
      deleted.push(...sessions.filter(({ id }) => id === session_id));
      sessions = sessions.filter(({ id }) => id !== session_id);
      return {};
    },
    "db:session:restore": () => {
      sessions = [...deleted.splice(0), ...sessions];
      return aSession();
    },
  };
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const history = () =>
  show(
    <>
      <HistoryScreen />
      <ToastRegion />
    </>,
    answers,
  );

test("a deleted interview is gone at once and comes back by undo", async () => {
  history();
  fireEvent.click(await screen.findByRole("button", { name: "Delete First" }));
  expect(screen.queryByRole("link", { name: "First" })).toBeNull();
  fireEvent.click(await screen.findByRole("button", { name: /Undo/ }));
  expect(await screen.findByRole("link", { name: "First" })).toBeTruthy();
});

test("a refused delete puts the interview back and says why", async () => {
  answers["db:session:delete"] = () => Promise.reject(refusalOf("DB001"));
  history();
  fireEvent.click(await screen.findByRole("button", { name: "Delete First" }));
  expect(await screen.findByText(/DB001/)).toBeTruthy();
  await waitFor(() => expect(screen.getByRole("link", { name: "First" })).toBeTruthy());
});

test("Enter keeps a new title, Escape the old one", async () => {
  const titles: (string | undefined)[] = [];
  answers["db:session:save"] = ({ title }) => {
    titles.push(title);
    return Promise.reject(refusalOf("DB006"));
  };
  history();
  const rename = async (title: string, key: string) => {
    fireEvent.click(await screen.findByRole("button", { name: "Rename Second" }));
    const field = screen.getByRole("textbox", { name: "Title of the interview" });
    fireEvent.input(field, { target: { value: title } });
    fireEvent.keyDown(field, { key });
  };
  await rename("Never", "Escape");
  await rename("Third try", "Enter");
  expect(titles).toEqual(["Third try"]);
  expect(await screen.findByText(/DB006/)).toBeTruthy();
  expect(await screen.findByRole("link", { name: "Second" })).toBeTruthy();
});

test.each([
  ["Enter", ["New title"]],
  ["Escape", []],
])("after %s the field's loss of focus saves nothing more", async (key, expected) => {
  const titles: (string | undefined)[] = [];
  answers["db:session:save"] = ({ title }) => {
    titles.push(title);
    return aSession();
  };
  history();
  fireEvent.click(await screen.findByRole("button", { name: "Rename Second" }));
  const field = screen.getByRole("textbox", { name: "Title of the interview" });
  fireEvent.input(field, { target: { value: "New title" } });
  fireEvent.keyDown(field, { key });
  fireEvent.blur(field);
  expect(titles).toEqual(expected);
});

test("leaving the field keeps a new title", async () => {
  const titles: (string | undefined)[] = [];
  answers["db:session:save"] = ({ title }) => {
    titles.push(title);
    return aSession();
  };
  history();
  fireEvent.click(await screen.findByRole("button", { name: "Rename Second" }));
  const field = screen.getByRole("textbox", { name: "Title of the interview" });
  fireEvent.input(field, { target: { value: "New title" } });
  fireEvent.blur(field);
  expect(titles).toEqual(["New title"]);
});

test("an empty history invites to the first interview", async () => {
  sessions = [];
  history();
  expect(await screen.findByRole("button", { name: "Start the first one" })).toBeTruthy();
});
