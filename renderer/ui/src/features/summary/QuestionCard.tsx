/** One question of the interview: folded with its score, unfolded with all that was found. */

import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "../../components/icons";
import { ScoreRing } from "../../components/score-ring";
import type { SessionQuestion } from "../../contracts.gen";
import { plural, title, words } from "../../formats";
import { isEvaluated } from "../interview/evaluated";
import { Result } from "./Result";
import { meaning, NOT_SURE, shownScore } from "./words";

export interface QuestionCardProps {
  asked: SessionQuestion;
  openAtFirst: boolean;
  /** Whether it is what the person came for. */
  show?: boolean;
}

export function QuestionCard({ asked, openAtFirst, show = false }: QuestionCardProps) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!show) return;
    card.current?.scrollIntoView({ block: "start" });
    card.current?.querySelector("button")?.focus({ preventScroll: true });
  }, []);
  const open = useSignal(openAtFirst);
  const bodyId = useId();
  const { question, position } = asked;
  return (
    <article
      ref={card}
      class={open.value ? "card open" : "card"}
      aria-label={`Question ${position + 1}`}
    >
      <h2 class="card-head">
        <button
          type="button"
          aria-expanded={open.value}
          aria-controls={bodyId}
          onClick={() => (open.value = !open.value)}
        >
          <ScoreRing score={scoreOf(asked)} size={48} />
          <span class="card-title">
            <span class="eyebrow">
              Question {position + 1} <span aria-hidden="true">·</span> {title(question.topic)}
            </span>
            <span class="card-prompt" dir="auto">
              {question.prompt}
            </span>
          </span>
          <span class="card-state">{stateOf(asked)}</span>
          <Icon name="down" />
        </button>
      </h2>
      <div id={bodyId} class="card-body" hidden={!open.value}>
        {open.value && <Result asked={asked} />}
      </div>
    </article>
  );
}

function latest(asked: SessionQuestion) {
  const newest = asked.answers.at(-1)?.id;
  return asked.evaluations.findLast(({ answer_id }) => answer_id === newest)?.result;
}

function scoreOf(asked: SessionQuestion): number | null {
  const result = latest(asked);
  return result ? shownScore(result) : null;
}

function isGivenUp({ job }: SessionQuestion): boolean {
  return job?.state === "failed" || job?.state === "cancelled";
}

function stateOf(asked: SessionQuestion): string {
  if (asked.answers.length === 0) return asked.status === "skipped" ? "Skipped" : "Not answered";
  if (!isEvaluated(asked)) return isGivenUp(asked) ? "Not evaluated" : "Waiting";
  const score = scoreOf(asked);
  if (score !== null) return meaning(score).word;
  if (latest(asked)?.unsure) return NOT_SURE.word;
  return plural(words(asked.answers.at(-1)?.text ?? ""), "word");
}
