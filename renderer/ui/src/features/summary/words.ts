/** Scores, guards and evaluators in words. */

import type { Evaluation, KeyPointResult } from "../../contracts.gen";

const MEANINGS: readonly (readonly [number, string, string])[] = [
  [0.85, "Strong", "Nearly everything an interviewer hopes to hear is there."],
  [0.65, "Good", "Most of what is expected is there; a few points would round it off."],
  [0.45, "Fair", "The core is there, but important points are missing."],
  [0.2, "Thin", "Some of it is right; much of what is expected is missing."],
  [0, "Little yet", "Little of what is expected could be found in the answer."],
];

export interface Meaning {
  word: string;
  sentence: string;
}

export function meaning(score: number): Meaning {
  const [, word, sentence] = MEANINGS.find(([from]) => score >= from) ?? ["", "Little yet", ""];
  return { word, sentence };
}

export const GUARDS: Record<Evaluation["guards"][number], string> = {
  empty: "There is no answer in the text.",
  restated: "Much of this is the question said again, which doesn't count as an answer.",
  off_topic: "This seems to be about something else than the question.",
  injection: "Sentences that speak to the grader were left out of the judgement.",
  keywords_only: "A list of terms without sentences can't show understanding.",
  too_short: "This is too short to be judged well.",
};

export const COVERAGE: Record<KeyPointResult["coverage"], string> = {
  covered: "Covered",
  partly: "Partly",
  missing: "Missing",
};

export const STAR: Record<Evaluation["star"][number]["part"], string> = {
  situation: "Situation",
  task: "Task",
  action: "Action",
  result: "Result",
};

export function evaluatorName({ evaluator, evaluator_version }: Evaluation): string {
  return evaluator === "offline" ? "Offline evaluator" : `AI (${evaluator_version})`;
}

export function percent(share: number): string {
  return String(Math.round(share * 100));
}
