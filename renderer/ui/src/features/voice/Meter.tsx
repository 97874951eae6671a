/** How loud it is, on the scale on which ears hear. */

import type { Level } from "./pieces";

/** What is shown as nothing: a quiet room. */
const FLOOR_DB = -60;
/** Above this the loudest parts are cut off. */
const LOUD = 0.98;

export function share(strength: number): number {
  if (strength <= 0) return 0;
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(strength)) / FLOOR_DB));
}

export function Meter({ level }: { level: Level }) {
  const loud = level.peak >= LOUD;
  const percent = Math.round(share(level.strength) * 100);
  return (
    <div
      class={loud ? "meter loud" : "meter"}
      role="meter"
      aria-label="Loudness"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="meter-track" width="100" height="10" />
        <rect class="meter-value" width={percent} height="10" />
      </svg>
    </div>
  );
}
