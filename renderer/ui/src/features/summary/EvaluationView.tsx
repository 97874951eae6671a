/** What one evaluation found: its verdict, points, STAR parts, facts and advice. */

import type { Signal } from "@preact/signals";
import { Icon } from "../../components/icons";
import type { Evaluation, EvaluationRecord } from "../../contracts.gen";
import { Advice } from "./Advice";
import { Dispute } from "./Dispute";
import { Facts } from "./Facts";
import { KeyPoints } from "./KeyPoints";
import { Made } from "./Made";
import { StarParts } from "./StarParts";
import { GUARDS, meaning, percent } from "./words";

export interface EvaluationViewProps {
  record: EvaluationRecord;
  pointed: Signal<string | undefined>;
}

export function EvaluationView({ record, pointed }: EvaluationViewProps) {
  const evaluation = record.result;
  return (
    <section class="evaluation" aria-label="Evaluation">
      <Verdict evaluation={evaluation} />
      {evaluation.key_points.length > 0 && (
        <KeyPoints points={evaluation.key_points} pointed={pointed} />
      )}
      {evaluation.star.length > 0 && <StarParts parts={evaluation.star} pointed={pointed} />}
      {evaluation.advice.length > 0 && <Advice advice={evaluation.advice} pointed={pointed} />}
      <Facts evaluation={evaluation} />
      <Made record={record} />
      <Dispute record={record} />
    </section>
  );
}

function Verdict({ evaluation }: { evaluation: Evaluation }) {
  const { content } = evaluation.scores;
  return (
    <div class="verdict">
      {content !== null && (
        <p class="verdict-score">
          <strong>{percent(content)}</strong>
          <span class="dim"> of 100 for content</span>
          <span class="verdict-word">{meaning(content).word}</span>
        </p>
      )}
      {evaluation.opinion && <p class="badge">An AI's opinion, not a measurement</p>}
      <p>{evaluation.summary}</p>
      {content !== null && <p class="dim">{meaning(content).sentence}</p>}
      {evaluation.guards.map((guard) => (
        <p key={guard} class="guard">
          <Icon name="info" size={18} />
          {GUARDS[guard]}
        </p>
      ))}
    </div>
  );
}
