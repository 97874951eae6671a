/** What was typed and how long it took, by question: kept here too until the app holds it. */

import type { SessionQuestion } from "../../contracts.gen";

export class Kept {
  readonly #texts = new Map<string, string>();
  readonly #times = new Map<string, number>();

  text({ id, draft, answers }: SessionQuestion): string {
    return this.#texts.get(id) ?? draft ?? answers.at(-1)?.text ?? "";
  }

  elapsedMs({ id, elapsed_ms }: SessionQuestion): number {
    return Math.max(this.#times.get(id) ?? 0, elapsed_ms);
  }

  /** Whether the text shown is the person's, not only what was read. */
  typed(questionId: string): boolean {
    return this.#texts.has(questionId);
  }

  forgetText(questionId: string): void {
    this.#texts.delete(questionId);
  }

  setText(questionId: string, text: string): void {
    this.#texts.set(questionId, text);
  }

  setElapsedMs(questionId: string, elapsedMs: number): void {
    this.#times.set(questionId, elapsedMs);
  }
}
