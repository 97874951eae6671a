/** The settings of speaking and hearing: each change keeps the rest. */

import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { AppSettings, SaveSettings } from "../../contracts.gen";
import { show } from "../../testing/app";
import { Voice } from "./Voice";

afterEach(cleanup);

const VOICE = { read_questions: false, keep_recordings: true, keep_days: 45 };

function voice(change: Partial<typeof VOICE> = {}) {
  const saved: SaveSettings[] = [];
  const save = async (one: SaveSettings) => Boolean(saved.push(one));
  const settings = { voice: { ...VOICE, ...change } } as AppSettings;
  show(<Voice settings={settings} save={save} />);
  return saved;
}

test("reading aloud is switched on, and the rest stays as it was", () => {
  const saved = voice();
  fireEvent.click(screen.getByRole("switch", { name: "Read questions aloud" }));
  expect(saved).toEqual([{ voice: { ...VOICE, read_questions: true } }]);
});

test("how long recordings are kept can be chosen, a time of another origin stays", () => {
  const saved = voice();
  const days = screen.getByLabelText("Keep them for");
  expect(days).toHaveProperty("value", "45");
  fireEvent.change(days, { target: { value: "7" } });
  fireEvent.change(days, { target: { value: "null" } });
  expect(saved.map((one) => one.voice?.keep_days)).toEqual([7, null]);
});

test("where recordings aren't kept there is no time to choose", () => {
  voice({ keep_recordings: false });
  expect(screen.queryByLabelText("Keep them for")).toBeNull();
});
