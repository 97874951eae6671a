/** Questions of one's own: what is sent, and where a refusal is shown. */

import { expect, test } from "vitest";
import { refusalOf } from "../../testing/app";
import { check, type OwnQuestion, refusal, slug, toRequest } from "./own-question";

const GOOD: OwnQuestion = {
  kind: "technical",
  topic: "System Design",
  difficulty: "hard",
  prompt: "  What is <b>bold</b>?  ",
  reference_answer: "",
  key_points: "One idea\n\n  Another idea  \n",
};

test("a topic becomes its slug, and each line a key point", () => {
  expect(toRequest(GOOD)).toMatchObject({
    topic: "system-design",
    prompt: "What is <b>bold</b>?",
    key_points: ["One idea", "Another idea"],
  });
  expect(slug("  Économie & Café! ")).toBe("e-conomie-cafe");
});

test("a behavioural question has no key points", () => {
  expect(toRequest({ ...GOOD, kind: "behavioural" }).key_points).toEqual([]);
});

test("what is wrong is told by field", () => {
  expect(check(GOOD)).toEqual({});
  const bad = { ...GOOD, prompt: "short", topic: "!!", key_points: "x" };
  expect(Object.keys(check(bad))).toEqual(["prompt", "topic", "key_points"]);
  expect(Object.keys(check({ ...GOOD, key_points: "point\n".repeat(13) }))).toEqual(["key_points"]);
});

test("the app's refusal stands at the field it names, with its code", () => {
  const error = refusalOf("VAL001", { field: "$.key_points[3]", reason: "too long" });
  expect(refusal(error)).toEqual({ key_points: "Too long (VAL001)" });
});

test("a refusal that names no field stands below the form", () => {
  expect(refusal(refusalOf("DB001"))).toEqual({ form: "Refused with DB001. Do this. (DB001)" });
});
