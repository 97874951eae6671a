/** What an AI server and the offline evaluator found in the same answer, side by side. */

import type { Evaluation, EvaluationRecord, KeyPointResult } from "../../contracts.gen";
import { COVERAGE, evaluatorName, NOT_SURE, percent, shownScore } from "./words";

export interface BesideProps {
  /** The evaluation that is shown in full, and the newest one of the other kind. */
  shown: EvaluationRecord;
  other: EvaluationRecord;
  choose: (id: string) => void;
}

export function Beside({ shown, other, choose }: BesideProps) {
  const sides = shown.result.evaluator === "llm" ? [shown, other] : [other, shown];
  return (
    <section class="beside" aria-label="Side by side">
      <h3>Judged by both</h3>
      <div class="beside-columns">
        {sides.map((record) => (
          <Side
            key={record.id}
            result={record.result}
            choose={record === shown ? undefined : () => choose(record.id)}
          />
        ))}
      </div>
    </section>
  );
}

function Side({ result, choose }: { result: Evaluation; choose: (() => void) | undefined }) {
  const score = shownScore(result);
  return (
    <div class="beside-side" role="group" aria-label={evaluatorName(result)}>
      <p class="beside-head">
        <strong>{evaluatorName(result)}</strong>
        <span>{score === null ? noScore(result) : `${percent(score)} of 100`}</span>
      </p>
      <p class="dim">{result.summary}</p>
      {result.key_points.length > 0 && (
        <ul class="beside-points">
          {result.key_points.map((point) => (
            <Point key={point.key_point} point={point} />
          ))}
        </ul>
      )}
      {choose ? (
        <button type="button" class="link" onClick={choose}>
          Show in full
        </button>
      ) : (
        <span class="dim">Shown in full above</span>
      )}
    </div>
  );
}

function Point({ point: { key_point, coverage } }: { point: KeyPointResult }) {
  return (
    <li>
      <span class={`beside-state ${coverage}`}>{COVERAGE[coverage]}</span> {key_point}
    </li>
  );
}

function noScore({ unsure }: Evaluation): string {
  return unsure ? NOT_SURE.word : "no score";
}

/** The newest evaluation of the same answer by the other kind of evaluator. */
export function counterpart(
  records: readonly EvaluationRecord[],
  shown: EvaluationRecord | undefined,
): EvaluationRecord | undefined {
  return records.findLast(
    ({ answer_id, result }) =>
      answer_id === shown?.answer_id && result.evaluator !== shown.result.evaluator,
  );
}
