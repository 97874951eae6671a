/** No text leaves before the person agreed to this very server. */

import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { AppSettings, SaveSettings } from "../../contracts.gen";
import { show } from "../../testing/app";
import { Evaluator } from "./Evaluator";

const SETTINGS: AppSettings = {
  theme: "system",
  evaluator: "offline",
  llm_base_url: "",
  llm_model: "",
  llm_key: "none",
  consented_url: "",
  revision: 1,
};

beforeAll(() => {
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
});
afterEach(cleanup);

function evaluator(settings: Partial<AppSettings> = {}) {
  const saved: SaveSettings[] = [];
  const save = (change: SaveSettings) => {
    saved.push(change);
    return Promise.resolve(true);
  };
  show(<Evaluator settings={{ ...SETTINGS, ...settings }} save={save} />);
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
