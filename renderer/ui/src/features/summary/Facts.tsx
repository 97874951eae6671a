/** What can be counted: length and pace, and of a story also how it is built and how concrete. */

import type { Evaluation } from "../../contracts.gen";
import { percent } from "./words";

export interface FactsProps {
  evaluation: Evaluation;
  spoken: boolean;
}

export function Facts({ evaluation, spoken }: FactsProps) {
  return (
    <dl class="facts small">
      {factsOf(evaluation, spoken).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd dir="auto">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(evaluation: Evaluation, spoken: boolean): [string, string][] {
  const { scores, delivery, specificity, star } = evaluation;
  // Figures, "I" and an outcome say something of a story; of an explanation they are noise.
  const story = star.length > 0;
  const facts: [string, string | null][] = [
    ["Structure", story && scores.structure !== null ? `${percent(scores.structure)} of 100` : null],
    ["Delivery", scores.delivery === null ? null : `${percent(scores.delivery)} of 100`],
    ["Words", delivery.words.toLocaleString()],
    ["Sentences", delivery.sentences.toLocaleString()],
    ["Words a minute", spoken ? null : rounded(delivery.words_per_minute)],
    ["Fillers", spoken || delivery.fillers === null ? null : String(delivery.fillers)],
  ];
  if (specificity && story) {
    const { numbers, names, first_person_singular, first_person_plural, outcome_stated } = specificity;
    facts.push(["Numbers", numbers.length > 0 ? numbers.slice(0, 6).join(", ") : "none"]);
    facts.push(["Names", names.length > 0 ? names.slice(0, 6).join(", ") : "none"]);
    facts.push(["“I” and “we”", `${first_person_singular} and ${first_person_plural}`]);
    facts.push(["Outcome", outcome_stated ? "stated" : "not stated"]);
  }
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

function rounded(value: number | null): string | null {
  return value === null ? null : String(Math.round(value));
}
