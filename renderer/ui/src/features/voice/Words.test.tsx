/** The transcript and the picture of a recording, by keyboard and for those who don't see it. */

import { signal } from "@preact/signals";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { aTranscript } from "../../testing/spoken";
import type { Player } from "./player";
import { Timeline } from "./Timeline";
import { Words } from "./Words";

afterEach(cleanup);

const { words, pauses } = aTranscript();

function aPlayer(atMs = 0, playing = false) {
  const from: (number | undefined)[] = [];
  const play = (ms?: number) => from.push(ms);
  const player = { playing: signal(playing), atMs: signal(atMs), play } as unknown as Player;
  return { player, from };
}

test("a word that is clicked is heard from where it begins", () => {
  const { player, from } = aPlayer();
  render(<Words words={words} player={player} />);
  fireEvent.click(screen.getByRole("button", { name: "use" }));
  expect(from).toEqual([1_700]);
});

test("the word that is heard is marked", () => {
  const { player } = aPlayer(1_400, true);
  render(<Words words={words} player={player} />);
  expect(screen.getByRole("button", { name: "would" }).getAttribute("aria-current")).toBe("true");
  expect(screen.getByRole("button", { name: "use" }).getAttribute("aria-current")).toBeNull();
});

test("the arrows go from word to word, and Tab past them all", () => {
  const { player } = aPlayer();
  render(<Words words={words} player={player} />);
  const group = screen.getByRole("group");
  fireEvent.keyDown(group, { key: "ArrowRight" });
  expect(document.activeElement?.textContent).toBe("I");
  fireEvent.keyDown(group, { key: "ArrowDown" });
  expect(document.activeElement?.textContent).toBe("key.");
  expect(screen.getAllByRole("button").filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
});

test("the place in a recording is said as a time and can be moved to", () => {
  const sought: number[] = [];
  render(
    <Timeline durationMs={63_000} pauses={pauses} fillers={[]} atMs={5_000} seek={(ms) => sought.push(ms)} />,
  );
  const place = screen.getByRole("slider", { name: "Place in the recording" });
  expect(place.getAttribute("aria-valuetext")).toBe("0:05 of 1:03");
  fireEvent.input(place, { target: { value: "9000" } });
  expect(sought).toEqual([9_000]);
  expect(screen.getByText(/1 pause and 0 fillers in 1:03/)).toBeTruthy();
});
