/** A finished interview, opened from its history or at one of its questions. */

import { cleanup, screen, waitFor } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { show } from "../../testing/app";
import { anAsked, aSession } from "../../testing/sessions";
import { SummaryScreen } from "./SummaryScreen";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const SESSION = aSession({ questions: [0, 1, 2].map((position) => anAsked({ position })) });
const answers = { "db:session:get": () => SESSION };
const card = (position: number) => screen.findByRole("article", { name: `Question ${position}` });

test("whoever comes for a question finds it open, in sight and with the focus", async () => {
  const scrolled: Element[] = [];
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
    scrolled.push(this);
  });
  show(<SummaryScreen id={SESSION.id} at="asked-1" />, answers);
  const second = await card(2);
  expect(second.classList.contains("open")).toBe(true);
  await waitFor(() => expect(scrolled).toEqual([second]));
  expect(second.contains(document.activeElement)).toBe(true);
  expect((await card(1)).classList.contains("open")).toBe(false);
});

test("whoever comes for the interview finds its beginning", async () => {
  const scroll = vi.spyOn(Element.prototype, "scrollIntoView");
  show(<SummaryScreen id={SESSION.id} />, answers);
  await card(3);
  expect(scroll).not.toHaveBeenCalled();
});
