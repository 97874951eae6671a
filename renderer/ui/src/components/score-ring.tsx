/** A score of 0 to 100 as a ring that fills. */

const RADIUS = 42;
const LENGTH = 2 * Math.PI * RADIUS;

export interface ScoreRingProps {
  /** 0 to 1, or null if nothing is graded (yet). */
  score: number | null;
  size: number;
  /** What assistive technology reads; without it the ring is decoration beside a text. */
  label?: string;
}

export function ScoreRing({ score, size, label }: ScoreRingProps) {
  const shown = score === null ? "–" : String(Math.round(score * 100));
  const name = label ? ({ role: "img", "aria-label": label } as const) : { "aria-hidden": true };
  return (
    <svg class="ring" viewBox="0 0 100 100" width={size} height={size} {...name}>
      <circle class="ring-track" cx="50" cy="50" r={RADIUS} />
      {score !== null && score > 0 && (
        <circle
          class="ring-value"
          cx="50"
          cy="50"
          r={RADIUS}
          stroke-dasharray={`${score * LENGTH} ${LENGTH}`}
          transform="rotate(-90 50 50)"
        />
      )}
      <text class="ring-text" x="50" y="50" dy=".35em" text-anchor="middle">
        {shown}
      </text>
    </svg>
  );
}
