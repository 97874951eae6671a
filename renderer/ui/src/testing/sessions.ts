/** Sessions and their parts with defaults, so that a test names only what it is about. */

import type {
  Answer,
  Evaluation,
  EvaluationRecord,
  InterviewSession,
  Question,
  SessionQuestion,
  SessionSummary,
} from "../contracts.gen";
import { MIXED_FIVE } from "../features/start/setup";

const CREATED = "2026-03-14T09:26:53Z";

export function aQuestion(change: Partial<Question> = {}): Question {
  return {
    id: "q",
    kind: "technical",
    topic: "backend",
    difficulty: "medium",
    prompt: "How would you make a payment endpoint safe to retry?",
    reference_answer: "",
    key_points: [],
    traits: [],
    star_cues: null,
    follow_ups: [],
    tags: [],
    source: "bank",
    revision: 1,
    ...change,
  };
}

export function anAsked(change: Partial<SessionQuestion> = {}): SessionQuestion {
  return {
    id: `asked-${change.position ?? 0}`,
    position: 0,
    question: aQuestion(),
    status: "open",
    elapsed_ms: 0,
    draft: null,
    draft_saved_at: null,
    answers: [],
    evaluations: [],
    job: null,
    revision: 1,
    ...change,
  };
}

export function aSession(change: Partial<InterviewSession> = {}): InterviewSession {
  return {
    id: "session",
    title: "Backend",
    status: "active",
    setup: MIXED_FIVE,
    position: 0,
    questions: [0, 1, 2].map((position) => anAsked({ position })),
    score: null,
    graded: 0,
    created_at: CREATED,
    finished_at: null,
    revision: 1,
    ...change,
  };
}

export function aSummary(change: Partial<SessionSummary> = {}): SessionSummary {
  const { questions: _, position: __, ...session } = aSession();
  return { ...session, question_count: 5, answered: 2, ...change };
}

export function anAnswer(change: Partial<Answer> = {}): Answer {
  const ids = { id: "answer", session_question_id: "asked-0" };
  const said = { version: 1, text: "An answer.", elapsed_ms: 0, spoken: null };
  return { ...ids, ...said, created_at: CREATED, ...change };
}

export function anEvaluation(change: Partial<Evaluation> = {}): Evaluation {
  return {
    evaluator: "offline",
    evaluator_version: "1",
    reason: "Offline is chosen.",
    fallback: null,
    scores: { content: 0.5, structure: 0.5, delivery: null },
    opinion: false,
    unsure: false,
    confidence: 0.5,
    summary: "Half of it.",
    guards: [],
    key_points: [],
    star: [],
    specificity: null,
    delivery: { words: 2, sentences: 1, words_per_minute: null, fillers: null },
    advice: [],
    limits: "",
    tokens: null,
    follow_ups: [],
    ...change,
  };
}

export function aRecord(change: Partial<EvaluationRecord> = {}): EvaluationRecord {
  return {
    id: "evaluation",
    answer_id: "answer",
    version: 1,
    created_at: CREATED,
    result: anEvaluation(),
    dispute: null,
    revision: 1,
    ...change,
  };
}
