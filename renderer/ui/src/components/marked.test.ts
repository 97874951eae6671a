/** Where a search matched. */

import { expect, test } from "vitest";
import { pieces } from "./marked";

test.each([
  ["plain", [], ["plain"]],
  ["an index", [{ start: 3, end: 8 }], ["an ", "index", ""]],
  ["🙂 an 🙂 index", [{ start: 0, end: 1 }, { start: 7, end: 12 }], ["", "🙂", " an 🙂 ", "index", ""]],
  ["abc", [{ start: 1, end: 9 }], ["a", "bc", ""]],
  ["abc", [{ start: 2, end: 1 }, { start: 1, end: 2 }, { start: 1, end: 3 }], ["a", "b", "c"]],
])("%s with %o is %o", (text, spans, expected) => expect(pieces(text, spans)).toEqual(expected));
