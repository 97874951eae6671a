/** A microphone that hears what a test says, and remembers what was done to it. */

import type { Listener, OpenMicrophone } from "../features/voice/microphone";

export class FakeMicrophone {
  readonly done: string[] = [];
  device = "";
  refusal: Error | undefined;
  listener: Listener | undefined;

  readonly open: OpenMicrophone = async (device, listener) => {
    if (this.refusal) throw this.refusal;
    this.device = device;
    this.listener = listener;
    this.done.push("open");
    return {
      pause: () => this.done.push("pause"),
      go: () => this.done.push("go"),
      close: async () => {
        this.hear(9);
        this.done.push("close");
      },
    };
  };

  /** Pieces of one byte each. */
  hear(...pieces: number[]): void {
    for (const piece of pieces) this.listener?.piece(Uint8Array.of(piece).buffer);
  }

  loud(peak: number, times = 1): void {
    for (let at = 0; at < times; at += 1) this.listener?.level({ peak, strength: peak / 2 });
  }
}
