/** The questions of a session: finding one, and showing a change before the app confirmed it. */

import type { InterviewSession, SessionQuestion } from "../../contracts.gen";

export function questionAt(session: InterviewSession, index: number): SessionQuestion {
  const question = session.questions[index];
  if (!question) throw new Error(`the session has no question ${index}`);
  return question;
}

/** `session` with `change` made to one of its questions. */
export function withQuestion(
  session: InterviewSession,
  id: string,
  change: Partial<SessionQuestion>,
): InterviewSession {
  const questions = session.questions.map((question) =>
    question.id === id ? { ...question, ...change } : question,
  );
  return { ...session, questions };
}
