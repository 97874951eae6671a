/** Banners that concern every screen. */

import { signal } from "@preact/signals";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { AppContext } from "../context";
import type { AppHealth, WayTaken } from "../contracts.gen";
import { anApp } from "../testing/app";
import { Banners, LONG_LOST_MS, problemsOf } from "./banners";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const problem = (code: string) => ({ code, message: `About ${code}.`, remedy: "Mend it.", details: null });
const HEALTH: AppHealth = {
  version: "1",
  profile: "/home/me",
  log_folder: "/home/me/logs",
  safe_mode: false,
  schema_revision: "1",
  write_queue_depth: 0,
  evaluations_waiting: 0,
  processes: [
    {
      name: "ai_service",
      state: "failed",
      pid: null,
      restarts: 3,
      answer_ms: null,
      error: problem("APP004"),
    },
  ],
  problems: [problem("BANK001"), problem("APP004")],
};

test("each problem is told once, with its code, until it is dismissed", () => {
  expect(problemsOf(HEALTH).map(({ code }) => code)).toEqual(["BANK001", "APP004"]);
  const { app } = anApp();
  render(
    <AppContext.Provider value={{ ...app, health: signal(HEALTH) }}>
      <Banners />
    </AppContext.Provider>,
  );
  expect(screen.getByText("About BANK001.")).toBeTruthy();
  fireEvent.click(screen.getAllByRole("button", { name: "Dismiss problem" })[0] as HTMLElement);
  expect(screen.queryByText("About BANK001.")).toBeNull();
  expect(screen.getByText("About APP004.")).toBeTruthy();
});

test("a part that keeps crashing can be done without, and safe mode can be left", async () => {
  const asked: boolean[] = [];
  const { app } = anApp({ "app:safemode:set": ({ on }) => (asked.push(on), {}) });
  const health = signal(HEALTH);
  render(
    <AppContext.Provider value={{ ...app, health }}>
      <Banners />
    </AppContext.Provider>,
  );
  expect(screen.queryByRole("complementary", { name: "Safe mode" })).toBeNull();
  await act(() => void fireEvent.click(screen.getByRole("button", { name: "Start in safe mode" })));
  await act(() => void (health.value = { ...HEALTH, safe_mode: true }));
  expect(screen.queryByRole("button", { name: "Start in safe mode" })).toBeNull();
  expect(screen.getByRole("complementary", { name: "Safe mode" })).toBeTruthy();
  await act(() => void fireEvent.click(screen.getByRole("button", { name: "Start normally" })));
  expect(asked).toEqual([true, false]);
});

test("a lost connection is said while it lasts", () => {
  const { app } = anApp();
  const link = signal<"open" | "lost">("lost");
  const view = () => (
    <AppContext.Provider value={{ ...app, link }}>
      <Banners />
    </AppContext.Provider>
  );
  const { rerender } = render(view());
  expect(screen.getByRole("status").textContent).toContain("connection to the app is lost");
  link.value = "open";
  rerender(view());
  expect(screen.getByRole("status").textContent).toBe("");
});

test.each<[WayTaken, boolean]>([
  [{ type: "way", way: "ipc", chosen: false }, false],
  [{ type: "way", way: "none", chosen: false }, false],
  [{ type: "way", way: "http", chosen: false }, true],
  [{ type: "way", way: "http", chosen: true }, false],
])("the slower way is said, unless it was chosen: %o", (way, said) => {
  const { app } = anApp();
  render(
    <AppContext.Provider value={{ ...app, way: signal(way) }}>
      <Banners />
    </AppContext.Provider>,
  );
  expect(screen.getByRole("status").textContent?.includes("over the slower way")).toBe(said);
});

test.each([
  ["a browser tab", false],
  ["the app's own window", true],
])("lost for long, a new address is spoken of if the page has one: %s", async (_, own) => {
  vi.useFakeTimers();
  if (own) vi.stubGlobal("pywebview", {});
  const { app } = anApp();
  await act(() =>
    void render(
      <AppContext.Provider value={{ ...app, link: signal("lost") }}>
        <Banners />
      </AppContext.Provider>,
    ),
  );
  await act(() => void vi.advanceTimersByTime(LONG_LOST_MS - 1));
  expect(screen.getByRole("status").textContent).not.toContain("new address");
  await act(() => void vi.advanceTimersByTime(1));
  expect(screen.getByRole("status").textContent?.includes("open its new address")).toBe(!own);
});
