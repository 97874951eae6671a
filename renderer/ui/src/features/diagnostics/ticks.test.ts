/** An axis has few marks, and round ones. */

import { expect, test } from "vitest";
import { ticksBetween } from "./ticks";

test.each([
  [0, 4, [0, 2, 4]],
  [0, 1, [0, 0.5, 1]],
  [0, 480, [0, 200, 400]],
  [0, 538, [0, 200, 400]],
  [0, 0.3, [0, 0.1, 0.2, 0.3]],
  [0, 0, [0]],
])("from %s to %s", (low, high, ticks) => {
  expect(ticksBetween(low, high)).toEqual(ticks);
});
