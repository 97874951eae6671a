/** Where an axis is marked. */

const TICKS = 3;
/** 0.3 / 0.1 is a little less than 3. */
const TOLERANCE = 1e-9;

/** Few, evenly apart, and round: multiples of 1, 2 or 5 times a power of ten. */
export function ticksBetween(low: number, high: number): number[] {
  const rough = (high - low) / TICKS;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step + TOLERANCE);
  return Array.from({ length: last - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}
