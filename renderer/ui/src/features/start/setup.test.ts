/** Setups in words, and which one is offered. */

import { expect, test } from "vitest";
import { aSummary } from "../../testing/sessions";
import { defaultSetup, MIXED_FIVE, subject, terms, topicsOf, unfinished } from "./setup";

const CATALOGUE = {
  roles: [{ id: "backend-engineer", title: "Backend engineer", description: ".", topics: ["data"] }],
  topics: [{ id: "data", title: "Data", description: ".", questions: { number: 23, more: false } }],
};

test("the last setup is offered again, but not one of single questions", () => {
  const data = { ...MIXED_FIVE, topics: ["data"] };
  const single = { ...MIXED_FIVE, question_ids: ["q"] };
  expect(defaultSetup([aSummary({ setup: single }), aSummary({ setup: data })])).toEqual(data);
  expect(defaultSetup([])).toEqual(MIXED_FIVE);
});

test("the newest interview that isn't finished is the one to resume", () => {
  const history = [
    aSummary({ id: "done", status: "finished" }),
    aSummary({ id: "new", status: "paused" }),
    aSummary({ id: "old", status: "active" }),
  ];
  expect(unfinished(history)?.id).toBe("new");
});

test.each([
  [{}, "A bit of everything"],
  [{ role: "backend-engineer" }, "Backend engineer"],
  [{ topics: ["data", "system-design"] }, "Data and System design"],
  [{ topics: ["data", "a", "b", "c"] }, "Data, A and 2 more"],
  [{ question_ids: ["q"] }, "Chosen questions"],
])("%o is called %s", (part, name) => {
  expect(subject({ ...MIXED_FIVE, ...part }, CATALOGUE)).toBe(name);
});

test("the terms say number, difficulty and pace", () => {
  expect(terms(MIXED_FIVE)).toBe("5 questions, any difficulty, 3 min each");
  const hard = { ...MIXED_FIVE, question_count: 1, seconds_per_question: null };
  expect(terms({ ...hard, difficulties: ["hard"] })).toBe("1 question, hard, no time suggested");
});

test("a role stands for its topics", () => {
  expect(topicsOf({ ...MIXED_FIVE, role: "backend-engineer" }, CATALOGUE)).toEqual(["data"]);
  expect(topicsOf(MIXED_FIVE, CATALOGUE)).toEqual([]);
});
