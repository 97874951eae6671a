/** Sound from a device's own rate to the one that is recorded, block by block and without seams. */

/** What is recorded, in samples a second: what speech recognition hears. */
export const RATE = 16_000;

/** Zero crossings of the filter on each side: about 80 dB between what is kept and what would fold back. */
const CROSSINGS = 16;
/** The part of the new band that is kept; the rest is for the filter's slope. */
const KEPT_BAND = 0.94;

/** A polyphase filter: a windowed sinc for each place a new sample can have between two old ones.
 * Source: https://ccrma.stanford.edu/~jos/resample/
 */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #taps: number;
  readonly #filters: readonly Float32Array[];
  #input: Float32Array;
  /** Where in the input the next sample lies: whole samples, and the rest in `up`ths. */
  #at = 0;
  #phase = 0;

  constructor(from: number) {
    const common = divisor(from, RATE);
    this.#up = RATE / common;
    this.#down = from / common;
    const band = Math.min(1, RATE / from) * KEPT_BAND;
    const half = Math.ceil(CROSSINGS / band);
    this.#taps = 2 * half;
    this.#filters = Array.from({ length: this.#up }, (_, phase) =>
      filter(half, band, phase / this.#up),
    );
    this.#input = new Float32Array(half - 1);
  }

  /** The new samples that `block` gives, with what was left of those before it. */
  push(block: Float32Array): Float32Array {
    const input = new Float32Array(this.#input.length + block.length);
    input.set(this.#input);
    input.set(block, this.#input.length);
    const output: number[] = [];
    while (this.#at + this.#taps <= input.length) {
      output.push(this.#sample(input));
      this.#phase += this.#down;
      this.#at += Math.floor(this.#phase / this.#up);
      this.#phase %= this.#up;
    }
    const used = Math.min(this.#at, input.length);
    this.#input = input.slice(used);
    this.#at -= used;
    return Float32Array.from(output);
  }

  #sample(input: Float32Array): number {
    const weights = this.#filters[this.#phase];
    let sum = 0;
    if (weights) for (let tap = 0; tap < this.#taps; tap += 1)
      sum += (weights[tap] ?? 0) * (input[this.#at + tap] ?? 0);
    return sum;
  }
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** Weights that let a constant through as it is. */
function filter(half: number, band: number, offset: number): Float32Array {
  const weights = Float32Array.from({ length: 2 * half }, (_, tap) => {
    const distance = tap - (half - 1) - offset;
    return sinc(distance * band) * blackman(distance / half);
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The window, from 1 in its middle to 0 at -1 and 1. */
function blackman(x: number): number {
  if (Math.abs(x) >= 1) return 0;
  return 0.42 + 0.5 * Math.cos(Math.PI * x) + 0.08 * Math.cos(2 * Math.PI * x);
}
