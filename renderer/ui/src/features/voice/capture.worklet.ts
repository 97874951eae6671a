/** Runs where the browser handles sound: brings it to the rate that is recorded and cuts it. */

import { Cutter } from "./pieces";
import { Resampler } from "./resampler";

declare const sampleRate: number;
declare const registerProcessor: (name: string, processor: typeof Capture) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

class Capture extends AudioWorkletProcessor {
  readonly #resampler = new Resampler(sampleRate);
  readonly #cutter = new Cutter({
    piece: (pcm) => this.port.postMessage({ kind: "piece", pcm }, [pcm]),
    level: (level) => this.port.postMessage({ kind: "level", level }),
  });
  #on = true;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      this.#on = data === "go";
      if (this.#on) return;
      this.#cutter.flush();
      this.port.postMessage({ kind: "flushed" });
    };
  }

  process([channels]: Float32Array[][]): boolean {
    const [heard] = channels ?? [];
    if (this.#on && heard) this.#cutter.push(this.#resampler.push(heard));
    return true;
  }
}

registerProcessor("capture", Capture);
