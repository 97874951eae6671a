/** What an interview is made of, and how it is put in words. */

import type { Catalogue, SessionSetup, SessionSummary } from "../../contracts.gen";
import { plural, title } from "../../formats";

export const DIFFICULTIES = ["easy", "medium", "hard"] as const;

export const MIXED_FIVE: SessionSetup = {
  role: null,
  topics: [],
  difficulties: [],
  question_count: 5,
  seconds_per_question: 180,
  feedback_during: false,
  question_ids: [],
};

/** The setup that was used last, unless it asked for single questions; else a mixed five. */
export function defaultSetup(history: readonly SessionSummary[]): SessionSetup {
  const last = history.find(({ setup }) => setup.question_ids.length === 0);
  return last ? { ...last.setup } : MIXED_FIVE;
}

export function unfinished(history: readonly SessionSummary[]): SessionSummary | undefined {
  return history.find(({ status }) => status !== "finished");
}

export function topicTitle(catalogue: Catalogue | undefined, id: string): string {
  return catalogue?.topics.find((topic) => topic.id === id)?.title ?? title(id);
}

/** What is asked about: "Backend developer", "Data, Frontend and 1 more", "A bit of everything". */
export function subject(setup: SessionSetup, catalogue: Catalogue | undefined): string {
  if (setup.question_ids.length > 0) return "Chosen questions";
  if (setup.role) {
    return catalogue?.roles.find(({ id }) => id === setup.role)?.title ?? title(setup.role);
  }
  if (setup.topics.length === 0) return "A bit of everything";
  const titles = setup.topics.slice(0, 2).map((id) => topicTitle(catalogue, id));
  const more = setup.topics.length - titles.length;
  return more > 0 ? `${titles.join(", ")} and ${more} more` : titles.join(" and ");
}

/** The rest of it: "5 questions, any difficulty, 3 min each". */
export function terms(setup: SessionSetup): string {
  const hard = setup.difficulties.length % 3 === 0 ? "any difficulty" : setup.difficulties.join(" and ");
  const time = setup.seconds_per_question;
  const pace = time === null ? "no time suggested" : `${time / 60} min each`;
  return `${plural(setup.question_count, "question")}, ${hard}, ${pace}`;
}

/** The topics a setup draws from; empty means all. */
export function topicsOf(setup: SessionSetup, catalogue: Catalogue | undefined): readonly string[] {
  if (setup.topics.length > 0) return setup.topics;
  return catalogue?.roles.find(({ id }) => id === setup.role)?.topics ?? [];
}
