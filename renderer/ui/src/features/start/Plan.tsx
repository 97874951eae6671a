/** The interview as it is set up, and the button that starts it. */

import { Button, IconButton } from "../../components/button";
import { Chip, Segments, Switch, toggled } from "../../components/choices";
import { useApp } from "../../context";
import type { Catalogue, SessionSetup } from "../../contracts.gen";
import { amount, plural, title } from "../../formats";
import { useLive } from "../../live";
import { DIFFICULTIES, subject, terms, topicsOf } from "./setup";

const TIMES = [
  { value: null, label: "None" },
  ...[1, 2, 3, 5].map((minutes) => ({ value: minutes * 60, label: `${minutes} min` })),
];
const MAX_QUESTIONS = 30;

export interface PlanProps {
  setup: SessionSetup;
  catalogue: Catalogue | undefined;
  change: (part: Partial<SessionSetup>) => void;
  start: () => void;
  starting: boolean;
}

export function Plan({ setup, catalogue, change, start, starting }: PlanProps) {
  return (
    <section class="plan" aria-label="Your interview">
      <div class="plan-head">
        <p class="eyebrow">Your interview</p>
        <h2>{subject(setup, catalogue)}</h2>
        <p class="dim">{terms(setup)}</p>
        <Button
          look="primary"
          class="large"
          keys="Ctrl+Enter"
          aria-label="Start"
          aria-keyshortcuts="Control+Enter"
          disabled={starting}
          onClick={start}
        >
          Start
        </Button>
      </div>
      <div class="plan-body">
        <QuestionCount setup={setup} catalogue={catalogue} change={change} />
        <fieldset>
          <legend>Difficulty</legend>
          <div class="chips">
            {DIFFICULTIES.map((one) => (
              <Chip
                key={one}
                on={setup.difficulties.includes(one)}
                onToggle={() => change({ difficulties: toggled(setup.difficulties, one) })}
              >
                {title(one)}
              </Chip>
            ))}
          </div>
        </fieldset>
        <Segments
          label="Time per question"
          options={TIMES}
          value={setup.seconds_per_question}
          onChange={(seconds_per_question) => change({ seconds_per_question })}
        />
        <Switch
          label="Show feedback after each answer"
          hint="Otherwise it waits for you at the end."
          checked={setup.feedback_during}
          onChange={(feedback_during) => change({ feedback_during })}
        />
      </div>
    </section>
  );
}

type CountProps = Pick<PlanProps, "setup" | "catalogue" | "change">;

function QuestionCount({ setup, catalogue, change }: CountProps) {
  const count = setup.question_count;
  const set = (value: number) =>
    change({ question_count: Math.min(MAX_QUESTIONS, Math.max(1, Math.round(value) || 1)) });
  return (
    <div class="count" role="group" aria-label="Number of questions">
      <div class="count-row">
        <span class="label">Questions</span>
        <IconButton icon="partly" label="One question less" onClick={() => set(count - 1)} />
        <output>{count}</output>
        <IconButton icon="plus" label="One question more" onClick={() => set(count + 1)} />
      </div>
      <input
        type="range"
        min={1}
        max={MAX_QUESTIONS}
        value={count}
        aria-label="Number of questions"
        onInput={(event) => set(event.currentTarget.valueAsNumber)}
      />
      <Matches setup={setup} catalogue={catalogue} />
    </div>
  );
}

/** How many questions there are to draw from, said before there are too few. */
function Matches({ setup, catalogue }: Pick<PlanProps, "setup" | "catalogue">) {
  const { api } = useApp();
  const filter = { topics: topicsOf(setup, catalogue), difficulties: setup.difficulties };
  const read = () => api.getQuestions({ filter, limit: 1, count: true });
  const total = useLive(JSON.stringify(filter), read, { topic: "questions" }).data.value?.total;
  if (!total) return <p class="hint">&nbsp;</p>;
  const few = !total.more && total.number < setup.question_count;
  return (
    <p class="hint" role="status">
      {few ? `Only ${plural(total, "question")} match: all of them are asked.` : `Drawn from ${amount(total)}`}
    </p>
  );
}
