/** Scores, guards and evaluators in words. */

import type { Evaluation, KeyPointResult } from "../../contracts.gen";

const MEANINGS: readonly (readonly [number, string, string])[] = [
  [0.85, "Strong", "Nearly everything an interviewer hopes to hear is there."],
  [0.65, "Good", "Most of what is expected is there; a few points would round it off."],
  [0.45, "Fair", "The core is there, but important points are missing."],
  [0.2, "Thin", "Some of it is right; much of what is expected is missing."],
  [0.05, "A start", "Few of the expected points could be found."],
  [0, "Not yet", "Hardly any of the expected points could be found."],
];

export interface Meaning {
  word: string;
  sentence: string;
}

/** Of the score as it is shown, so that 85 never reads as 84 does. */
export function meaning(score: number): Meaning {
  const shown = Math.round(score * 100) / 100;
  const [, word, sentence] = MEANINGS.find(([from]) => shown >= from) ?? ["", "Not yet", ""];
  return { word, sentence };
}

/** What stands in place of a score that can't be relied upon. */
export const NOT_SURE: Meaning = {
  word: "Not sure",
  sentence:
    "The evaluator can't tell how good this answer is, so it shows no score and counts none. Hold it against the reference answer yourself.",
};

/** The content score as far as it may be shown; null if there is none, or none to rely upon. */
export function shownScore({ scores, unsure }: Evaluation): number | null {
  return unsure ? null : scores.content;
}

export const GUARDS: Record<Evaluation["guards"][number], string> = {
  empty: "No answer in the text",
  restated: "The question said again",
  off_topic: "About something else",
  injection: "Sentences to the grader left out",
  keywords_only: "Terms without sentences",
  too_short: "Very short",
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
