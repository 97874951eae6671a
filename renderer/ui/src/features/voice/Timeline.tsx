/** A recording as a picture: where there is speech, where it rests, and where the fillers are. */

import type { Filler, Pause } from "../../contracts.gen";
import { clock, plural } from "../../formats";
import { speech } from "./heard";

export interface TimelineProps {
  durationMs: number;
  pauses: readonly Pause[];
  fillers: readonly Filler[];
  atMs: number;
  /** Without it the picture is only looked at. */
  seek?: (ms: number) => void;
}

const WIDTH = 1000;
const HEIGHT = 36;

export function Timeline({ durationMs, pauses, fillers, atMs, seek }: TimelineProps) {
  const length = Math.max(durationMs, 1);
  const x = (ms: number) => (Math.min(ms, length) / length) * WIDTH;
  return (
    <div class="timeline">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line class="timeline-rest" x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        {speech(durationMs, pauses).map(({ start_ms, end_ms }) => (
          <rect
            key={start_ms}
            class="timeline-speech"
            x={x(start_ms)}
            width={Math.max(x(end_ms) - x(start_ms), 1)}
            y="9"
            height={HEIGHT - 18}
            rx="2"
          />
        ))}
        {fillers.map(({ start_ms }, at) => (
          <line key={at} class="timeline-filler" x1={x(start_ms)} x2={x(start_ms)} y1="2" y2={HEIGHT - 2} />
        ))}
        <line class="timeline-now" x1={x(atMs)} x2={x(atMs)} y1="0" y2={HEIGHT} />
      </svg>
      {seek && (
        <input
          type="range"
          aria-label="Place in the recording"
          aria-valuetext={`${clock(atMs)} of ${clock(durationMs)}`}
          min={0}
          max={length}
          step={500}
          value={atMs}
          onInput={(event) => seek(event.currentTarget.valueAsNumber)}
        />
      )}
      <p class="sr-only">
        {plural(pauses.length, "pause")} and {plural(fillers.length, "filler")} in {clock(durationMs)}.
      </p>
    </div>
  );
}
