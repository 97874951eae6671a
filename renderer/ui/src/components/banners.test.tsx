/** Banners that concern every screen. */

import { signal } from "@preact/signals";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { AppContext } from "../context";
import type { AppHealth } from "../contracts.gen";
import { anApp } from "../testing/app";
import { Banners, problemsOf } from "./banners";

afterEach(cleanup);

const problem = (code: string) => ({ code, message: `About ${code}.`, remedy: "Mend it.", details: null });
const HEALTH: AppHealth = {
  version: "1",
  profile: "/home/me",
  schema_revision: "1",
  write_queue_depth: 0,
  evaluations_waiting: 0,
  processes: [
    { name: "ai_service", state: "failed", pid: null, restarts: 3, error: problem("APP004") },
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
