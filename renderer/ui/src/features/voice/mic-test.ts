/** A few seconds of the microphone, to hear and to judge; they never leave the page. */

import { signal } from "@preact/signals";
import type { CallError } from "../../bridge";
import type { Microphone, OpenMicrophone } from "./microphone";
import { type Level, wav } from "./pieces";

export type Verdict = "good" | "quiet" | "loud" | "silent";

/** Four seconds, in the 50 ms at which the level comes. */
export const CHECK_LEVELS = 80;
/** Peaks of speech: below -46 dB there is none, below -30 dB it is hard to hear. */
const SILENT = 0.005;
const QUIET = 0.032;
const LOUD = 0.99;
/** So many cut-off moments are more than a bump or a laugh. */
const LOUD_LEVELS = 8;
const SILENCE: Level = { peak: 0, strength: 0 };

export class MicTest {
  readonly stage = signal<"idle" | "opening" | "listening">("idle");
  readonly level = signal(SILENCE);
  readonly verdict = signal<Verdict | undefined>(undefined);
  /** Where what was heard can be played from. */
  readonly url = signal<string | undefined>(undefined);
  readonly error = signal<CallError | undefined>(undefined);
  readonly #open: OpenMicrophone;
  #end: () => void = () => undefined;
  #closed = false;

  constructor(open: OpenMicrophone) {
    this.#open = open;
  }

  async run(deviceId: string): Promise<void> {
    if (this.stage.peek() !== "idle") return;
    this.#forget();
    this.stage.value = "opening";
    const pieces: ArrayBuffer[] = [];
    const peaks: number[] = [];
    const ended = new Promise<void>((done) => (this.#end = done));
    let microphone: Microphone;
    try {
      microphone = await this.#open(deviceId, {
        piece: (pcm) => pieces.push(pcm),
        level: (level) => {
          this.level.value = level;
          if (peaks.push(level.peak) >= CHECK_LEVELS) this.#end();
        },
        ended: this.#end,
      });
    } catch (error) {
      this.error.value = error as CallError;
      this.stage.value = "idle";
      return;
    }
    this.stage.value = "listening";
    await ended;
    await microphone.close();
    this.stage.value = "idle";
    if (this.#closed) return;
    this.verdict.value = judge(peaks);
    this.url.value = URL.createObjectURL(wav(pieces));
  }

  close(): void {
    this.#closed = true;
    this.#end();
    this.#forget();
  }

  #forget(): void {
    if (this.url.peek() !== undefined) URL.revokeObjectURL(this.url.peek() ?? "");
    this.url.value = undefined;
    this.verdict.value = undefined;
    this.error.value = undefined;
  }
}

export function judge(peaks: readonly number[]): Verdict {
  const loudest = Math.max(0, ...peaks);
  if (loudest < SILENT) return "silent";
  if (loudest < QUIET) return "quiet";
  return peaks.filter((peak) => peak >= LOUD).length >= LOUD_LEVELS ? "loud" : "good";
}
