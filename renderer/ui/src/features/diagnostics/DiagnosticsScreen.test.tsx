/** Live numbers, in pictures and words, and the report to pass on. */

import { signal } from "@preact/signals";
import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AppContext } from "../../context";
import { anApp, refusalOf } from "../../testing/app";
import { HEALTH, someMetrics } from "../../testing/metrics";
import { DiagnosticsScreen } from "./DiagnosticsScreen";
import { EVERY_MS } from "./watch";

const drawn: number[][] = [];
vi.mock("./plot", () => ({
  plot: (_box: HTMLElement, { values }: { values: number[] }) => {
    drawn.push(values);
    return { show: (next: { values: number[] }) => void drawn.push(next.values), destroy: () => {} };
  },
}));

beforeEach(() => {
  drawn.length = 0;
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

async function open(answer = () => someMetrics()) {
  const { app } = anApp({ "app:metrics:get": answer });
  const view = render(
    <AppContext.Provider value={{ ...app, health: signal(HEALTH) }}>
      <DiagnosticsScreen />
    </AppContext.Provider>,
  );
  await pass(0);
  return view;
}

test("each chart is a picture with its meaning in words", async () => {
  await open();
  const names = screen.getAllByRole("img").map((chart) => chart.getAttribute("aria-label"));
  expect(names).toContain("Calls a minute: now 12, between 12 and 40 in the last 10 min");
  expect(names).toContain("Memory: now 140 MB, between 90 MB and 140 MB in the last 10 min");
  await vi.waitFor(() => expect(drawn).toContainEqual([40, 12]));
});

test("each process, its state and its helpers are told", async () => {
  await open();
  const [main, renderer, ai] = within(screen.getByRole("region", { name: "Processes" }))
    .getAllByRole("row")
    .slice(1);
  expect(main?.textContent).toBe("Main processRunning702 min70 MB0–");
  expect(renderer?.textContent).toContain("Window and page with 3 helpersRunning71");
  expect(ai?.textContent).toBe("Evaluation serviceFailed–0 s0 MB0–".replace("0 s", "–"));
});

test("it asks again and again, and keeps what it has when there is no answer", async () => {
  let calls = 0;
  await open(() => {
    calls += 1;
    if (calls === 2) throw refusalOf("IPC001");
    return someMetrics({ queue: { depth: calls } });
  });
  const waiting = () => screen.getByText("Writes waiting", { selector: "dt" }).nextSibling;
  expect(waiting()?.textContent).toBe("1");
  await pass(EVERY_MS);
  expect(screen.getByRole("alert").textContent).toContain("IPC001");
  expect(waiting()?.textContent).toBe("1");
  await pass(EVERY_MS);
  expect(screen.queryByRole("alert")).toBeNull();
  expect(waiting()?.textContent).toBe("3");
});

test("nobody is asked while the page is hidden, or once it is left", async () => {
  let calls = 0;
  const { unmount } = await open(() => ((calls += 1), someMetrics()));
  const hidden = vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  await pass(10 * EVERY_MS);
  expect(calls).toBe(1);
  hidden.mockReturnValue(false);
  await pass(EVERY_MS);
  expect(calls).toBe(2);
  unmount();
  await vi.advanceTimersByTimeAsync(10 * EVERY_MS);
  expect(calls).toBe(2);
});

test("the report is shown before it is copied", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { ...navigator, userAgent: "test", clipboard: { writeText } });
  await open();
  fireEvent.click(screen.getByRole("button", { name: "Copy report…" }));
  const text = screen.getByLabelText("The report's text").textContent ?? "";
  expect(text).toContain("Interview App 1.2.3");
  await act(async () => {
    fireEvent.click(screen.getByRole("button", { name: "Copy report" }));
    await vi.advanceTimersByTimeAsync(0);
  });
  expect(writeText).toHaveBeenCalledWith(text);
  expect(screen.getByText("It is on the clipboard.")).toBeTruthy();
  vi.unstubAllGlobals();
});
