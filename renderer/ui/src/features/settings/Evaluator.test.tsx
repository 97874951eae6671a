/** No text leaves before the person agreed to this very server. */

import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { AppSettings, SaveSettings, TryServer } from "../../contracts.gen";
import { type Answers, refusalOf, show } from "../../testing/app";
import { Evaluator } from "./Evaluator";

const SETTINGS: AppSettings = {
  theme: "system",
  evaluator: "offline",
  llm_base_url: "",
  llm_model: "",
  llm_key: "none",
  consented_url: "",
  voice: { read_questions: false, keep_recordings: true, keep_days: null },
  revision: 1,
};

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
});
afterEach(cleanup);

function evaluator(settings: Partial<AppSettings> = {}, answers: Answers = {}) {
  const saved: SaveSettings[] = [];
  const save = (change: SaveSettings) => {
    saved.push(change);
    return Promise.resolve(true);
  };
  show(<Evaluator settings={{ ...SETTINGS, ...settings }} save={save} />, answers);
  return saved;
}

async function enterServer(url: string): Promise<void> {
  fireEvent.click(screen.getByRole("radio", { name: "AI server" }));
  fireEvent.input(screen.getByLabelText("Base URL"), { target: { value: url } });
  fireEvent.input(screen.getByLabelText("Model"), { target: { value: "m" } });
  fireEvent.click(screen.getByRole("button", { name: "Use this server" }));
}

test("the server is used only after consent that names its host", async () => {
  const saved = evaluator();
  await enterServer("https://ai.example.org/v1");
  const dialog = await screen.findByRole("dialog");
  expect(dialog.textContent).toContain("ai.example.org");
  expect(saved.some((change) => change.evaluator === "llm")).toBe(false);
  fireEvent.click(screen.getByRole("button", { name: "Agree and send" }));
  expect(saved.at(-1)).toEqual({ evaluator: "llm", consented_url: "https://ai.example.org/v1" });
});

test("without consent it stays offline", async () => {
  const saved = evaluator();
  await enterServer("https://ai.example.org/v1");
  fireEvent.click(await screen.findByRole("button", { name: "Stay offline" }));
  expect(saved).toEqual([{ llm_base_url: "https://ai.example.org/v1", llm_model: "m" }]);
});

test("another address needs another consent", async () => {
  evaluator({ consented_url: "https://ai.example.org/v1" });
  await enterServer("https://elsewhere.example.org/v1");
  expect((await screen.findByRole("dialog")).textContent).toContain("elsewhere.example.org");
});

test("a wrong address is told at its field and not saved", async () => {
  const saved = evaluator();
  await enterServer("javascript:alert(1)");
  expect(screen.getByText(/begins with http/)).toBeTruthy();
  expect(saved).toEqual([]);
});

test("replacing the key but typing none leaves the stored one alone", async () => {
  const saved = evaluator({ evaluator: "llm", llm_key: "file", llm_model: "m" });
  fireEvent.click(screen.getByRole("button", { name: "Replace key" }));
  fireEvent.input(screen.getByLabelText("Base URL"), { target: { value: "http://localhost/v1" } });
  fireEvent.click(screen.getByRole("button", { name: "Use this server" }));
  await screen.findByRole("dialog");
  expect(saved[0]).not.toHaveProperty("api_key");
});

const ON: Partial<AppSettings> = {
  evaluator: "llm",
  llm_base_url: "http://localhost/v1",
  llm_model: "m",
  consented_url: "http://localhost/v1",
};
const NO_RING = { keyring: "", why_not: "There is no key ring on this system." };

function typeKey(): void {
  fireEvent.input(screen.getByLabelText("API key"), { target: { value: "sk-1" } });
}

test("without a key ring the person chooses where the key goes", async () => {
  const saved = evaluator(ON, { "app:keys:places": () => NO_RING });
  typeKey();
  await screen.findByText(/no key ring/);
  fireEvent.click(screen.getByRole("button", { name: "Save server" }));
  expect(saved).toEqual([]);
  expect(screen.getByText("Choose where to keep the key.")).toBeTruthy();
  fireEvent.click(screen.getByRole("radio", { name: "Private file" }));
  expect(screen.getByText(/plain text/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Save server" }));
  expect(saved[0]).toMatchObject({ api_key: "sk-1", key_place: "file" });
});

test("with a key ring a key goes there", async () => {
  const saved = evaluator(ON, { "app:keys:places": () => ({ keyring: "Wallet", why_not: "" }) });
  typeKey();
  await screen.findByText(/Kept by Wallet/);
  fireEvent.click(screen.getByRole("button", { name: "Save server" }));
  expect(saved[0]).toMatchObject({ api_key: "sk-1", key_place: "keyring" });
});

test("a key that is to be entered at each start is asked for", () => {
  evaluator({ ...ON, llm_key: "asked" });
  expect(screen.getByText(/asked at each start/)).toBeTruthy();
});

test("a test of the connection says model, time and tokens", async () => {
  const asked: TryServer[] = [];
  evaluator(ON, {
    "ai:server:test": (wanted) => {
      asked.push(wanted);
      const tokens = { sent: 40, received: 9 };
      return { model: "small-1", milliseconds: 321, tokens, structured: true };
    },
  });
  typeKey();
  fireEvent.click(screen.getByRole("button", { name: "Test connection" }));
  const works = await screen.findByText(/It works/);
  expect(works.textContent).toContain("small-1 answered in 321 ms, 40 tokens sent and 9 received");
  expect(asked).toEqual([{ base_url: "http://localhost/v1", model: "m", api_key: "sk-1" }]);
});

test("a test that fails says why, with its code", async () => {
  evaluator(ON, {
    "ai:server:test": () => {
      throw refusalOf("AI003");
    },
  });
  fireEvent.click(screen.getByRole("button", { name: "Test connection" }));
  expect(await screen.findByText("AI003")).toBeTruthy();
});
