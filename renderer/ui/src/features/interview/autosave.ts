/** Saves a draft soon after each key stroke, one save at a time, and tries again when one fails. */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { ErrorCode } from "../../contracts.gen";
import type { Draft } from "./drafts";

/** After the last key stroke. */
export const QUIET_MS = 300;
/** After the first key stroke that isn't saved, however fast a person types. */
export const LATEST_MS = 800;
const RETRY_MS = 2_000;
/** How long anybody waits for saves on their way: without a connection they take longer. */
const SETTLE_MS = 1_000;

export type SaveState = "idle" | "unsaved" | "saving" | "saved" | "failed" | "refused" | "held";

export class Autosave {
  readonly #save: (draft: Draft) => Promise<unknown>;
  readonly #state = signal<SaveState>("idle");
  readonly #error = signal<CallError | undefined>(undefined);
  readonly #waiting = new Map<string, Draft>();
  #firstUnsavedAt: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #dropped = new Set<string>();
  readonly #held = new Set<string>();
  readonly #running = new Set<Promise<void>>();
  #saving = 0;

  constructor(save: (draft: Draft) => Promise<unknown>) {
    this.#save = save;
  }

  get state(): ReadonlySignal<SaveState> {
    return this.#state;
  }

  get error(): ReadonlySignal<CallError | undefined> {
    return this.#error;
  }

  /** Whether the last save failed, and what it would have saved is still unsaved. */
  get failing(): boolean {
    const state = this.#state.peek();
    return this.#error.peek() !== undefined && state !== "idle" && state !== "saved";
  }

  change(draft: Draft): void {
    this.#dropped.delete(draft.questionId);
    if (this.#held.has(draft.questionId)) {
      this.#state.value = "held";
      return;
    }
    this.#waiting.set(draft.questionId, draft);
    this.#state.value = "unsaved";
    const now = Date.now();
    this.#firstUnsavedAt ??= now;
    this.#schedule(Math.min(QUIET_MS, this.#firstUnsavedAt + LATEST_MS - now));
  }

  /** Send now what is unsaved, not waiting for a save on its way: the page may be about to go. */
  flush(): void {
    clearTimeout(this.#timer);
    for (const draft of [...this.#waiting.values()]) void this.#start(draft);
  }

  /** Save `draft` for its time's sake, saying nothing, unless a save is due that does it anyway. */
  touch(draft: Draft): void {
    const busy = this.#waiting.size > 0 || this.#saving > 0;
    if (!busy && !this.#held.has(draft.questionId)) void this.#start(draft, true);
  }

  /** When no save is on its way any more, or it takes too long to wait for it. */
  async settled(): Promise<void> {
    if (this.#running.size === 0) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, SETTLE_MS)));
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(timer);
  }

  /** The person chose between two texts: the question is saved again from now on. */
  release(questionId: string): void {
    this.#held.delete(questionId);
    if (this.#state.peek() === "held") this.#state.value = "idle";
    this.#error.value = undefined;
  }

  /** Forget what is unsaved of a question, because its text was handed in. */
  drop(questionId: string): void {
    this.#waiting.delete(questionId);
    this.#dropped.add(questionId);
    if (this.#waiting.size === 0) this.reset();
  }

  /** A new question is on screen, of which nothing was saved yet. */
  reset(): void {
    if (this.#waiting.size === 0) this.#state.value = "idle";
  }

  stop(): void {
    this.flush();
    clearTimeout(this.#timer);
  }

  #schedule(waitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#saveNext(), Math.max(0, waitMs));
  }

  async #saveNext(): Promise<void> {
    const draft = this.#waiting.values().next().value;
    if (this.#saving === 0 && draft) await this.#start(draft);
  }

  async #start(draft: Draft, quiet = false): Promise<void> {
    const running = this.#send(draft, quiet);
    this.#running.add(running);
    await running;
    this.#running.delete(running);
  }

  async #send(draft: Draft, quiet: boolean): Promise<void> {
    this.#saving += 1;
    this.#waiting.delete(draft.questionId);
    this.#firstUnsavedAt = undefined;
    if (!quiet) this.#state.value = "saving";
    const error = await this.#save(draft).then(noError, (reason: CallError) => reason);
    this.#saving -= 1;
    if (error?.code === ErrorCode.CONFLICT) this.#hold(draft);
    else if (!quiet) this.#ended(draft, error);
    else if (this.#waiting.size > 0) this.#schedule(0);
  }

  #hold({ questionId }: Draft): void {
    if (this.#dropped.has(questionId)) return;
    this.#held.add(questionId);
    this.#waiting.delete(questionId);
    this.#state.value = "held";
    if (this.#waiting.size > 0) this.#schedule(0);
  }

  #ended(draft: Draft, error: CallError | undefined): void {
    this.#error.value = error;
    if (error) this.#failed(draft);
    else this.#done();
  }

  #done(): void {
    if (this.#waiting.size > 0) this.#schedule(0);
    else if (this.#saving === 0) this.#state.value = "saved";
  }

  #failed(draft: Draft): void {
    if (this.#dropped.has(draft.questionId)) return;
    if (!this.#waiting.has(draft.questionId)) this.#waiting.set(draft.questionId, draft);
    // What is refused for what it is would be refused again: the next key stroke tries anew.
    const refused = this.#error.peek()?.code === ErrorCode.VALIDATION_FAILED;
    this.#state.value = refused ? "refused" : "failed";
    if (!refused) this.#schedule(RETRY_MS);
  }
}

function noError(): undefined {
  return undefined;
}
