/** A key goes where the last one was; without a key ring nobody chooses for the person. */

import { expect, test } from "vitest";
import { usualPlace } from "./key-places";

const RING = { keyring: "Secret Service", why_not: "" };
const NONE = { keyring: "", why_not: "There is no key ring on this system." };

test.each([
  ["none", RING, "keyring"],
  ["none", NONE, undefined],
  ["none", undefined, undefined],
  ["file", RING, "file"],
  ["keyring", RING, "keyring"],
  ["session", RING, "session"],
  ["asked", NONE, "session"],
] as const)("of a key that is %s", (state, places, place) => {
  expect(usualPlace(state, places)).toBe(place);
});
