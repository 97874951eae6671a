/** What a key press is called. */

import { expect, test } from "vitest";
import { pressed } from "./shortcuts";

const press = (init: KeyboardEventInit) => pressed(new KeyboardEvent("keydown", init));

test.each([
  [{ key: "Enter", ctrlKey: true }, "Ctrl+Enter"],
  [{ key: "Enter", metaKey: true }, "Ctrl+Enter"],
  [{ key: "s", code: "KeyS", altKey: true }, "Alt+S"],
  [{ key: "ß", code: "KeyS", altKey: true }, "Alt+S"],
  [{ key: "o", code: "KeyS", altKey: true }, "Alt+O"],
  [{ key: "PageDown", code: "PageDown", altKey: true }, "Alt+PageDown"],
  [{ key: "?", code: "Slash", shiftKey: true }, "?"],
  [{ key: "F1", code: "F1" }, "F1"],
])("%o is %s", (init, name) => expect(press(init)).toBe(name));
