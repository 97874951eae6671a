/** The history on screen: deleting with undo, renaming, refusals. */

import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ToastRegion } from "../../components/toasts";
import { AppContext } from "../../context";
import type { SessionSummary } from "../../contracts.gen";
import { type Answers, refusalOf, show } from "../../testing/app";
import { aSession, aSummary } from "../../testing/sessions";
import { HistoryScreen } from "./HistoryScreen";

let sessions: SessionSummary[];
let answers: Answers;

beforeEach(() => {
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
afterEach(cleanup);

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

const HIT = {
  answer_id: "answer",
  session_id: "a",
  session_question_id: "asked-2",
  session_title: "Backend on Monday",
  topic: "backend",
  prompt: "What does an index cost?",
  version: 2,
  created_at: "2026-03-14T09:26:53Z",
  snippet: "…every 🙂 write has to keep the index.",
  marks: [{ start: 31, end: 36 }],
};

async function look(text: string): Promise<void> {
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: text } });
  await waitFor(() => expect(screen.queryByRole("feed", { name: "Interviews" })).toBeNull());
}

test("an answer that is looked for is shown with its words marked, and leads to its place", async () => {
  answers["db:answers:search"] = ({ text }) => {
    const items = text === "inde" ? [HIT] : [];
    return { items, next: null, total: { number: items.length, more: false } };
  };
  history();
  await look("inde");
  const link = await screen.findByRole("link", { name: HIT.prompt });
  expect(link.getAttribute("href")).toBe("#/summary/a/asked-2");
  expect(document.querySelector("mark")?.textContent).toBe("index");
  expect(document.querySelector(".snippet")?.textContent).toBe(HIT.snippet);
  expect(screen.getByText("Version 2")).toBeTruthy();
  expect(screen.getByText("1 answer")).toBeTruthy();
});

test("a search that finds nothing says how to search, and without a text the history is back", async () => {
  answers["db:answers:search"] = () => ({
    items: [],
    next: null,
    total: { number: 0, more: false },
  });
  history();
  await look("nothing ");
  expect(await screen.findByText("No answer has these words")).toBeTruthy();
  fireEvent.input(screen.getByRole("searchbox"), { target: { value: " " } });
  expect(await screen.findByRole("link", { name: "First" })).toBeTruthy();
});

test("who comes back finds the list and the search as they were, read again", async () => {
  let asked = 0;
  answers["db:answers:search"] = () => {
    asked += 1;
    return { items: [HIT], next: null, total: { number: 1, more: false } };
  };
  const { app, unmount } = history();
  await look("inde");
  await screen.findByRole("link", { name: HIT.prompt });
  unmount();
  render(
    <AppContext.Provider value={app}>
      <HistoryScreen />
    </AppContext.Provider>,
  );
  expect(screen.getByRole("link", { name: HIT.prompt })).toBeTruthy();
  expect((screen.getByRole("searchbox") as HTMLInputElement).value).toBe("inde");
  await waitFor(() => expect(asked).toBe(2));
});
