/** What one evaluation found, and what there is to say about the evaluation itself. */

import type { Signal } from "@preact/signals";
import { Icon } from "../../components/icons";
import type { Evaluation, EvaluationRecord } from "../../contracts.gen";
import { href } from "../../routing";
import { Advice } from "./Advice";
import { Dispute } from "./Dispute";
import { Facts } from "./Facts";
import { KeyPoints } from "./KeyPoints";
import { Made } from "./Made";
import { StarParts } from "./StarParts";
import { GUARDS, meaning, NOT_SURE, percent, shownScore } from "./words";

export interface FoundProps {
  evaluation: Evaluation;
  pointed: Signal<string | undefined>;
}

export function Found({ evaluation, pointed }: FoundProps) {
  const { key_points, star, advice } = evaluation;
  return (
    <section class="evaluation" aria-label="Evaluation">
      <StoodIn evaluation={evaluation} />
      <Verdict evaluation={evaluation} />
      {key_points.length > 0 && <KeyPoints points={key_points} pointed={pointed} />}
      {star.length > 0 && <StarParts parts={star} pointed={pointed} />}
      {advice.length > 0 && <Advice advice={advice} pointed={pointed} />}
    </section>
  );
}

export interface AboutProps {
  record: EvaluationRecord;
  /** How the answer was said is shown elsewhere, and in more detail. */
  spoken: boolean;
}

export function AboutEvaluation({ record, spoken }: AboutProps) {
  return (
    <section class="about" aria-label="About this evaluation">
      <Facts evaluation={record.result} spoken={spoken} />
      <Made record={record} />
      <Dispute record={record} />
    </section>
  );
}

/** Before any score: the AI server that was to judge didn't, and how to mend that. */
function StoodIn({ evaluation: { fallback } }: { evaluation: Evaluation }) {
  if (!fallback) return null;
  return (
    <div class="note">
      <Icon name="warning" />
      <div class="note-text">
        <p>Judged offline: {fallback.message}</p>
        <p class="dim">
          {fallback.remedy} <a href={href({ screen: "settings" })}>Settings</a>
        </p>
      </div>
      <code class="code">{fallback.code}</code>
    </div>
  );
}

function Verdict({ evaluation }: { evaluation: Evaluation }) {
  const { opinion, unsure, guards, summary } = evaluation;
  const content = shownScore(evaluation);
  return (
    <div class="verdict">
      {content !== null && (
        <p class="verdict-score">
          <strong>{percent(content)}</strong>
          <span class="dim"> of 100 for content</span>
          <span class="verdict-word">{meaning(content).word}</span>
        </p>
      )}
      {unsure && <p class="verdict-score"><strong>{NOT_SURE.word}</strong></p>}
      <p class="badges">
        {opinion && <span class="badge">An AI's opinion, not a measurement</span>}
        {guards.map((guard) => (
          <span key={guard} class="badge guard">
            <Icon name="info" size={14} />
            {GUARDS[guard]}
          </span>
        ))}
      </p>
      {content !== null && guards.length === 0 && <p>{meaning(content).sentence}</p>}
      {unsure && <p>{NOT_SURE.sentence}</p>}
      <p class="dim">{summary}</p>
    </div>
  );
}
