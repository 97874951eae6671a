/** Results on screen: text stays text, evidence lights up, waiting and versions are shown. */

import { cleanup, fireEvent, screen, within } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { KeyPointResult } from "../../contracts.gen";
import { show } from "../../testing/app";
import { anAnswer, anAsked, anEvaluation, aQuestion, aRecord } from "../../testing/sessions";
import { QuestionCard } from "./QuestionCard";
import { Result } from "./Result";

afterEach(cleanup);

const HOSTILE = `<img src=x onerror="alert(1)"><script>alert(2)</script>&lt;b&gt; שלום`;
const POINT: KeyPointResult = {
  key_point: "It answers.",
  coverage: "covered",
  similarity: 0.8,
  evidence: { start: 2, end: 12, text: "An answer." },
};

test("hostile text in question, answer, evaluation and reference is shown as text", () => {
  const length = [...HOSTILE].length;
  const quote = { start: 0, end: length, text: HOSTILE };
  const record = aRecord({
    result: anEvaluation({
      summary: HOSTILE,
      advice: [{ text: HOSTILE, quote }],
      key_points: [{ ...POINT, key_point: HOSTILE, evidence: quote }],
    }),
  });
  const question = aQuestion({ prompt: HOSTILE, reference_answer: HOSTILE, follow_ups: [HOSTILE] });
  const asked = anAsked({
    question,
    status: "answered",
    answers: [anAnswer({ text: HOSTILE })],
    evaluations: [record],
  });
  const { container } = show(<QuestionCard asked={asked} openAtFirst />);
  expect(container.querySelector("img, script, b")).toBeNull();
  expect(screen.getAllByText(HOSTILE).length).toBeGreaterThanOrEqual(4);
});

test("pointing to a point lights its sentence up in an answer with emoji", () => {
  const record = aRecord({ result: anEvaluation({ key_points: [POINT] }) });
  const answers = [anAnswer({ text: "😀 An answer. More." })];
  show(<Result asked={anAsked({ status: "answered", answers, evaluations: [record] })} />);
  const answer = within(screen.getByRole("region", { name: "Your answer" }));
  const mark = answer.getByText("An answer.");
  expect(mark.classList.contains("lit")).toBe(false);
  fireEvent.click(screen.getByRole("button", { name: "Show in the answer: An answer." }));
  expect(mark.classList.contains("lit")).toBe(true);
});

test("when the AI server failed, that and what to do stand before the score", () => {
  const fallback = { code: "AI003", message: "Refused.", remedy: "New key.", details: null };
  const evaluations = [aRecord({ result: anEvaluation({ fallback }) })];
  const asked = anAsked({ status: "answered", answers: [anAnswer()], evaluations });
  show(<Result asked={asked} />);
  const found = screen.getByRole("region", { name: "Evaluation" });
  expect(found.textContent).toMatch(/^Judged offline: Refused\.New key\. SettingsAI003/);
});

test("a waiting answer says that it waits, and why", () => {
  const error = { code: "AI001", message: "Not running.", remedy: "Restarting.", details: null };
  const job = { id: "j", answer_id: "answer", state: "queued", attempts: 1, error } as const;
  show(<Result asked={anAsked({ status: "answered", answers: [anAnswer()], job })} />);
  expect(screen.getByRole("status").textContent).toContain("Not running. Restarting.");
  expect(screen.getByText("AI001")).toBeTruthy();
});

test("what waits can be cancelled, and what was cancelled be asked for again", async () => {
  const asked: string[] = [];
  const job = { id: "j", answer_id: "answer", state: "running", attempts: 1, error: null } as const;
  const answers = [anAnswer()];
  show(<Result asked={anAsked({ status: "answered", answers, job })} />, {
    "ai:evaluate:cancel": ({ job_id }) => {
      asked.push(job_id);
      return { ...job, state: "cancelled" };
    },
  });
  fireEvent.click(screen.getByRole("button", { name: "Cancel evaluation" }));
  expect(asked).toEqual(["j"]);
  cleanup();
  const cancelled = { ...job, state: "cancelled" } as const;
  show(<Result asked={anAsked({ status: "answered", answers, job: cancelled })} />);
  expect(screen.getByRole("status").textContent).toContain("You cancelled the evaluation");
  expect(screen.getByRole("button", { name: "Evaluate again" })).toBeTruthy();
});

test("every version can be looked at again, the newest first", () => {
  const second = anAnswer({ id: "second", version: 2, text: "Better." });
  const asked = anAsked({
    status: "answered",
    answers: [anAnswer(), second],
    evaluations: [
      aRecord({ result: anEvaluation({ summary: "The first." }) }),
      aRecord({ id: "b", answer_id: "second", result: anEvaluation({ summary: "The second." }) }),
    ],
  });
  show(<Result asked={asked} />);
  expect(screen.getByText("The second.")).toBeTruthy();
  const versions = screen.getByRole("combobox", { name: "Evaluation version" });
  fireEvent.change(versions, { target: { value: "evaluation" } });
  expect(screen.getByText("The first.")).toBeTruthy();
  expect(screen.getByText("An answer.")).toBeTruthy();
});

test("a score that is not sure is said to be so, and shown nowhere", () => {
  const record = aRecord({ result: anEvaluation({ unsure: true, confidence: 0.2 }) });
  const asked = anAsked({ status: "answered", answers: [anAnswer()], evaluations: [record] });
  const { container } = show(<QuestionCard asked={asked} openAtFirst />);
  expect(screen.getAllByText("Not sure").length).toBe(2);
  expect(container.textContent).not.toContain("of 100 for content");
  expect(container.querySelector(".ring-text")?.textContent).toBe("–");
});

test("figures, 'I' and outcome are facts of a story, and of nothing else", () => {
  const specificity = {
    numbers: ["404"],
    names: [],
    first_person_singular: 1,
    first_person_plural: 2,
    outcome_stated: false,
  };
  const star = [{ part: "result", found: false, evidence: null, cue: "", words: 0 }] as const;
  const asked = (change: object) =>
    anAsked({
      status: "answered",
      answers: [anAnswer()],
      evaluations: [aRecord({ result: anEvaluation({ specificity, ...change }) })],
    });
  show(<Result asked={asked({})} />);
  expect(screen.queryByText("Outcome")).toBeNull();
  expect(screen.queryByText("Structure")).toBeNull();
  cleanup();
  show(<Result asked={asked({ star })} />);
  expect(screen.getByText("Outcome")).toBeTruthy();
  expect(screen.getByText("Structure")).toBeTruthy();
});

test("no grade is shown where none was given", () => {
  const scores = { content: null, structure: 0.7, delivery: null };
  const record = aRecord({ result: anEvaluation({ scores, summary: "Facts only." }) });
  const asked = anAsked({ status: "answered", answers: [anAnswer()], evaluations: [record] });
  show(<Result asked={asked} />);
  expect(screen.queryByText(/of 100 for content/)).toBeNull();
  expect(screen.getByText("Facts only.")).toBeTruthy();
});
