/** Sound cut into pieces that travel, and how loud it is meanwhile. */

import { RATE } from "./resampler";

/** 200 ms: what is lost at most when everything dies, beside what wasn't flushed yet. */
export const PIECE_SAMPLES = RATE / 5;
/** 50 ms: how often the level is told. */
export const LEVEL_SAMPLES = RATE / 20;

const FULL = 0x7fff;

export interface Level {
  /** The loudest sample, from 0 to 1. */
  peak: number;
  /** The mean strength, from 0 to 1. */
  strength: number;
}

export interface CutterOptions {
  piece: (pcm: ArrayBuffer) => void;
  level: (level: Level) => void;
}

export class Cutter {
  readonly #options: CutterOptions;
  #piece = new Int16Array(PIECE_SAMPLES);
  #filled = 0;
  #peak = 0;
  #power = 0;
  #measured = 0;

  constructor(options: CutterOptions) {
    this.#options = options;
  }

  push(samples: Float32Array): void {
    for (const sample of samples) {
      this.#measure(Math.abs(sample));
      this.#piece[this.#filled++] = Math.round(Math.max(-1, Math.min(1, sample)) * FULL);
      if (this.#filled === PIECE_SAMPLES) this.flush();
    }
  }

  /** What is there of a piece goes out. */
  flush(): void {
    if (this.#filled === 0) return;
    const { buffer } = this.#piece.slice(0, this.#filled);
    this.#filled = 0;
    this.#options.piece(buffer);
  }

  #measure(sample: number): void {
    this.#peak = Math.max(this.#peak, sample);
    this.#power += sample * sample;
    if (++this.#measured < LEVEL_SAMPLES) return;
    const strength = Math.sqrt(this.#power / this.#measured);
    this.#options.level({ peak: this.#peak, strength });
    this.#peak = this.#power = this.#measured = 0;
  }
}

/** A piece as it travels: the recording's id, the piece's number, the sound. */
export function pieceFrame(recordingId: string, number: number, pcm: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(20 + pcm.byteLength);
  const digits = recordingId.replaceAll("-", "");
  for (let at = 0; at < 16; at += 1) frame[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  new DataView(frame.buffer).setUint32(16, number, true);
  frame.set(new Uint8Array(pcm), 20);
  return frame;
}

/** The pieces as a sound file, to be played without leaving the page. */
export function wav(pieces: readonly ArrayBuffer[]): Blob {
  const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const head = new DataView(new ArrayBuffer(44));
  const text = (at: number, letters: string) =>
    [...letters].forEach((letter, by) => head.setUint8(at + by, letter.charCodeAt(0)));
  text(0, "RIFF");
  head.setUint32(4, 36 + bytes, true);
  text(8, "WAVEfmt ");
  head.setUint32(16, 16, true);
  head.setUint16(20, 1, true);
  head.setUint16(22, 1, true);
  head.setUint32(24, RATE, true);
  head.setUint32(28, 2 * RATE, true);
  head.setUint16(32, 2, true);
  head.setUint16(34, 16, true);
  text(36, "data");
  head.setUint32(40, bytes, true);
  return new Blob([head.buffer, ...pieces], { type: "audio/wav" });
}
