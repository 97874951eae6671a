/** The points expected, each covered, partly or missing, with the sentence that shows it. */

import type { Signal } from "@preact/signals";
import { Icon, type IconName } from "../../components/icons";
import type { KeyPointResult, Quote } from "../../contracts.gen";
import { COVERAGE } from "./words";

const ICONS: Record<KeyPointResult["coverage"], IconName> = {
  covered: "check",
  partly: "partly",
  missing: "missing",
};

export interface KeyPointsProps {
  points: readonly KeyPointResult[];
  pointed: Signal<string | undefined>;
}

export function KeyPoints({ points, pointed }: KeyPointsProps) {
  const covered = points.filter(({ coverage }) => coverage === "covered").length;
  return (
    <div class="points">
      <h3>
        Expected points{" "}
        <span class="dim">
          {covered} of {points.length} covered
        </span>
      </h3>
      <ul>
        {points.map((point, at) => (
          <li key={at} class={`point ${point.coverage}`}>
            <span class="point-mark">
              <Icon name={ICONS[point.coverage]} size={16} />
            </span>
            <div>
              <p>
                <span class="point-state">{COVERAGE[point.coverage]}</span> {point.key_point}
              </p>
              <Evidence id={`point-${at}`} quote={point.evidence} pointed={pointed} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

export interface EvidenceProps {
  id: string;
  quote: Quote | null;
  pointed: Signal<string | undefined>;
}

/** A passage of the answer; pointing to it, or pressing it, lights it up where it stands. */
export function Evidence({ id, quote, pointed }: EvidenceProps) {
  if (!quote) return null;
  const light = () => (pointed.value = id);
  const dim = () => (pointed.value = undefined);
  return (
    <button
      type="button"
      class={pointed.value === id ? "evidence lit" : "evidence"}
      aria-label={`Show in the answer: ${quote.text}`}
      dir="auto"
      onClick={light}
      onFocus={light}
      onBlur={dim}
      onPointerEnter={light}
      onPointerLeave={dim}
    >
      “{quote.text}”
    </button>
  );
}
