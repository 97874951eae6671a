/** How far the evaluation of what was handed in has come. */

import type { InterviewSession, SessionQuestion } from "../../contracts.gen";

/** Whether the newest answer of a question has an evaluation. */
export function isEvaluated({ answers, evaluations }: SessionQuestion): boolean {
  const newest = answers.at(-1);
  return newest !== undefined && evaluations.some(({ answer_id }) => answer_id === newest.id);
}

export function evaluated(session: InterviewSession): { done: number; all: number } {
  const answered = session.questions.filter(({ answers }) => answers.length > 0);
  return { done: answered.filter(isEvaluated).length, all: answered.length };
}
