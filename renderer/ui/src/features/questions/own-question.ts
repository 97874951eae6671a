/** A question of one's own as it is typed, and as the app takes it. */

import type { CallError } from "../../bridge";
import type { CreateQuestion } from "../../contracts.gen";

export interface OwnQuestion {
  kind: CreateQuestion["kind"];
  topic: string;
  difficulty: CreateQuestion["difficulty"];
  prompt: string;
  reference_answer: string;
  /** One on a line. */
  key_points: string;
}

export type FieldErrors = Partial<Record<keyof OwnQuestion | "form", string>>;

const FIELDS: readonly (keyof OwnQuestion)[] = [
  "kind",
  "topic",
  "difficulty",
  "prompt",
  "reference_answer",
  "key_points",
];

export function slug(text: string): string {
  const plain = text.normalize("NFKD").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 80);
}

export function toRequest(own: OwnQuestion): CreateQuestion {
  const points = own.key_points.split("\n").map((line) => line.trim());
  return {
    kind: own.kind,
    topic: slug(own.topic),
    difficulty: own.difficulty,
    prompt: own.prompt.trim(),
    reference_answer: own.reference_answer.trim(),
    key_points: own.kind === "technical" ? points.filter(Boolean) : [],
  };
}

/** What can be told before it is sent. */
export function check(own: OwnQuestion): FieldErrors {
  const { prompt, topic, key_points, reference_answer } = toRequest(own);
  const errors: FieldErrors = {};
  if (prompt.length < 8) errors.prompt = "Write the question: eight characters at least.";
  if (prompt.length > 2000) errors.prompt = "2,000 characters are the most.";
  if (topic === "") errors.topic = "Name a topic with letters a to z or digits.";
  if ((reference_answer?.length ?? 0) > 8000) {
    errors.reference_answer = "8,000 characters are the most.";
  }
  if ((key_points?.length ?? 0) > 12) errors.key_points = "Twelve points are the most.";
  else if (key_points?.some((point) => point.length < 3 || point.length > 400)) {
    errors.key_points = "Each point needs 3 to 400 characters.";
  }
  return errors;
}

/** The app's refusal, at the field that it names. */
export function refusal(error: CallError): FieldErrors {
  const details = (error.details ?? {}) as { field?: unknown; reason?: unknown };
  const path = typeof details.field === "string" ? details.field : "";
  const field = FIELDS.find((name) => path.split(/[.$[\]]+/).includes(name));
  const reason = typeof details.reason === "string" ? details.reason : error.message;
  if (!field) return { form: `${error.message} ${error.remedy} (${error.code})` };
  return { [field]: `${reason.charAt(0).toUpperCase()}${reason.slice(1)} (${error.code})` };
}
