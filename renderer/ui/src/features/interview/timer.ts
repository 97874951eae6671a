/** How long a question has been on screen: only while it is shown, not paused and not hidden. */

import { type ReadonlySignal, signal } from "@preact/signals";

const TICK_MS = 250;
/** A longer gap between two ticks means that the computer slept: it doesn't count. */
const LONGEST_GAP_MS = 2_000;

export class QuestionTimer {
  readonly #elapsed = signal(0);
  readonly #now: () => number;
  #last = 0;
  #tick: ReturnType<typeof setInterval> | undefined;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Milliseconds; changes about four times a second while it runs. */
  get elapsedMs(): ReadonlySignal<number> {
    return this.#elapsed;
  }

  get running(): boolean {
    return this.#tick !== undefined;
  }

  /** Whole milliseconds up to this moment. */
  read(): number {
    this.#count();
    return Math.round(this.#elapsed.peek());
  }

  set(elapsedMs: number): void {
    this.#last = this.#now();
    this.#elapsed.value = elapsedMs;
  }

  start(): void {
    if (this.#tick !== undefined) return;
    this.#last = this.#now();
    this.#tick = setInterval(() => this.#count(), TICK_MS);
  }

  stop(): void {
    this.#count();
    clearInterval(this.#tick);
    this.#tick = undefined;
  }

  #count(): void {
    if (this.#tick === undefined) return;
    const now = this.#now();
    const gap = now - this.#last;
    this.#last = now;
    if (gap <= LONGEST_GAP_MS) this.#elapsed.value += gap;
  }
}
