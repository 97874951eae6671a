/** Drafts on their way to the app: no draft that was written elsewhere is overwritten unseen. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Api } from "../../api";
import { CallError } from "../../bridge";
import { ErrorCode } from "../../contracts.gen";

export interface Draft {
  questionId: string;
  text: string;
  elapsedMs: number;
}

/** A newer draft of the same question, from another window or tab. */
export interface Newer {
  text: string;
  saved_at: string;
}

export class Drafts {
  readonly #api: Pick<Api, "saveDraft">;
  readonly #seenAt = new Map<string, string | null>();
  /** By question: what was read or confirmed last, then what was sent since, in that order. */
  readonly #known = new Map<string, readonly string[]>();
  readonly #conflicts = signal<ReadonlyMap<string, Newer>>(new Map());

  constructor(api: Pick<Api, "saveDraft">) {
    this.#api = api;
  }

  /** By question: what a person has to choose about before this page saves its own text. */
  get conflicts(): ReadonlySignal<ReadonlyMap<string, Newer>> {
    return this.#conflicts;
  }

  /** The page knows `text`, saved then: it shows it, or the person decided against it. */
  seen(questionId: string, text: string | null, savedAt: string | null): void {
    this.#seenAt.set(questionId, savedAt);
    this.#known.set(questionId, text === null ? [] : [text]);
    this.#settle(questionId);
  }

  /** When the draft that the page knows of was saved. */
  seenAt(questionId: string): string | null {
    return this.#seenAt.get(questionId) ?? null;
  }

  /** Raises the refusal, and keeps the newer draft in `conflicts`, if it was written elsewhere. */
  async save(draft: Draft): Promise<void> {
    const text = draft.text.toWellFormed();
    this.#sending(draft.questionId, text);
    try {
      const { saved_at } = await this.#send(draft);
      this.#confirmed(draft.questionId, text, saved_at);
    } catch (error) {
      const newer = newerDraft(error);
      if (!newer) throw error;
      const known = this.#knownOf(draft.questionId);
      if (!known.includes(newer.text)) throw this.#conflict(draft.questionId, newer, error);
      this.#seenAt.set(draft.questionId, newer.saved_at);
      if (known.at(-1) === text) await this.save(draft);
    }
  }

  #send({ questionId, text, elapsedMs }: Draft) {
    const draft = { session_question_id: questionId, text, elapsed_ms: elapsedMs };
    return this.#api.saveDraft({ ...draft, seen_at: this.seenAt(questionId) });
  }

  #knownOf(questionId: string): readonly string[] {
    return this.#known.get(questionId) ?? [];
  }

  #sending(questionId: string, text: string): void {
    const known = this.#knownOf(questionId);
    if (known.at(-1) !== text) this.#known.set(questionId, [...known, text]);
  }

  #confirmed(questionId: string, text: string, savedAt: string): void {
    const known = this.#knownOf(questionId);
    this.#seenAt.set(questionId, savedAt);
    this.#known.set(questionId, known.slice(Math.max(0, known.indexOf(text))));
  }

  #conflict(questionId: string, newer: Newer, error: unknown): unknown {
    this.#conflicts.value = new Map(this.#conflicts.peek()).set(questionId, newer);
    return error;
  }

  #settle(questionId: string): void {
    if (!this.#conflicts.peek().has(questionId)) return;
    const conflicts = new Map(this.#conflicts.peek());
    conflicts.delete(questionId);
    this.#conflicts.value = conflicts;
  }
}

function newerDraft(error: unknown): Newer | undefined {
  if (!(error instanceof CallError) || error.code !== ErrorCode.CONFLICT) return undefined;
  const details = error.details as Partial<Newer> | null;
  if (typeof details?.text !== "string" || typeof details.saved_at !== "string") return undefined;
  return { text: details.text, saved_at: details.saved_at };
}
