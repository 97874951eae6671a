/** What browsers say of a microphone, in our words. */

import { expect, test } from "vitest";
import { micProblem } from "./microphone";

test.each([
  ["NotAllowedError", "MIC001"],
  ["NotFoundError", "MIC002"],
  ["NotReadableError", "MIC003"],
  ["AbortError", "MIC003"],
])("%s is %s, with what to do", (name, code) => {
  const problem = micProblem(new DOMException("a browser's own words", name));
  expect(problem.code).toBe(code);
  expect(problem.message).not.toContain("browser's own words");
  expect(problem.remedy).not.toBe("");
});
