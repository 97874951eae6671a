/** What comes out of the resampler is what a device at 16 kHz would have heard. */

import { expect, test } from "vitest";
import { RATE, Resampler } from "./resampler";

function tone(hertz: number, rate: number, seconds = 0.5): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, at) =>
    Math.sin((2 * Math.PI * hertz * at) / rate),
  );
}

function inBlocks(resampler: Resampler, input: Float32Array, size: number): Float32Array {
  const output: number[] = [];
  for (let at = 0; at < input.length; at += size)
    output.push(...resampler.push(input.subarray(at, at + size)));
  return Float32Array.from(output);
}

/** Strength of the middle, where the filter is full; a sine's is 0.707. */
function strength(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample ** 2, 0) / middle.length);
}

const RATES = [8_000, 16_000, 22_050, 44_100, 48_000, 96_000];

test.each(RATES)("a voice's tone is kept from %i Hz, in strength and in place", (rate) => {
  const output = inBlocks(new Resampler(rate), tone(440, rate), 128);
  const wanted = tone(440, RATE);
  expect(wanted.length - output.length).toBeLessThan(60);
  for (let at = 200; at < output.length; at += 1)
    expect(output[at]).toBeCloseTo(wanted[at] ?? 9, 2);
});

test.each([44_100, 48_000])("what 16 kHz can't hold doesn't fold back from %i Hz", (rate) => {
  const heard = inBlocks(new Resampler(rate), tone(10_000, rate), 128);
  expect(strength(heard)).toBeLessThan(0.001);
});

test("the blocks that it comes in leave no trace", () => {
  const input = tone(1_000, 44_100);
  const whole = inBlocks(new Resampler(44_100), input, input.length);
  const small = inBlocks(new Resampler(44_100), input, 37);
  expect(small).toEqual(whole);
});

test("silence stays silence, and nothing gives nothing", () => {
  const resampler = new Resampler(48_000);
  expect(resampler.push(new Float32Array(0))).toHaveLength(0);
  expect(resampler.push(new Float32Array(480)).every((sample) => sample === 0)).toBe(true);
});
