/** Both judgements of an answer are seen at once, and either in full. */

import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { show } from "../../testing/app";
import { anAnswer, anAsked, anEvaluation, aRecord } from "../../testing/sessions";
import { counterpart } from "./Beside";
import { Result } from "./Result";

afterEach(cleanup);

const OURS = aRecord({ id: "ours", result: anEvaluation({ summary: "We found half." }) });
const THEIRS = aRecord({
  id: "theirs",
  version: 2,
  result: anEvaluation({
    evaluator: "llm",
    evaluator_version: "llm-1",
    summary: "They found all.",
    scores: { content: 0.9, structure: 0.8, delivery: null },
    tokens: { sent: 1200, received: 80 },
  }),
});
const both = anAsked({
  status: "answered",
  answers: [anAnswer()],
  evaluations: [OURS, THEIRS],
});

test("both are shown, with the score of each", () => {
  show(<Result asked={both} />);
  const beside = within(screen.getByRole("region", { name: "Side by side" }));
  const ours = beside.getByRole("group", { name: "Offline evaluator" });
  const theirs = beside.getByRole("group", { name: "AI (llm-1)" });
  expect(ours.textContent).toContain("50 of 100");
  expect(theirs.textContent).toContain("90 of 100");
  expect(screen.getByText(/1,200 tokens sent, 80 received/)).toBeTruthy();
});

test("the other one can be shown in full", () => {
  show(<Result asked={both} />);
  fireEvent.click(screen.getByRole("button", { name: "Show in full" }));
  const found = screen.getByRole("region", { name: "Evaluation" });
  expect(found.textContent).toContain("We found half.");
});

test("of one evaluator there is nothing beside", () => {
  expect(counterpart([OURS], OURS)).toBeUndefined();
  expect(counterpart([OURS, THEIRS], undefined)).toBeUndefined();
  expect(counterpart([OURS, { ...THEIRS, answer_id: "another" }], OURS)).toBeUndefined();
  expect(counterpart([OURS, THEIRS], OURS)?.id).toBe("theirs");
});
