/** The result of one question: which evaluation is shown, the answer, what was found in it. */

import { useSignal } from "@preact/signals";
import type { EvaluationRecord, SessionQuestion } from "../../contracts.gen";
import { Delivery } from "../voice/Delivery";
import { AnswerText } from "./AnswerText";
import { Beside, counterpart } from "./Beside";
import { AboutEvaluation, Found } from "./EvaluationView";
import { FollowUps } from "./FollowUps";
import { Reference } from "./Reference";
import { Versions } from "./Versions";
import { Waiting } from "./Waiting";

export function Result({ asked }: { asked: SessionQuestion }) {
  const chosen = useSignal<string | undefined>(undefined);
  const pointed = useSignal<string | undefined>(undefined);
  const newest = asked.answers.at(-1);
  if (!newest) return <Unanswered asked={asked} />;
  const record = shown(asked, chosen.value);
  const answer = asked.answers.find(({ id }) => id === record?.answer_id) ?? newest;
  const other = counterpart(asked.evaluations, record);
  const waiting = !record || isOnItsWay(asked);
  return (
    <div class="result">
      {waiting && <Waiting asked={asked} answer={newest} />}
      {asked.evaluations.length > 1 && (
        <Versions asked={asked} shown={record} choose={(id) => (chosen.value = id)} />
      )}
      <div class="result-columns">
        <div class="side">
          <AnswerText answer={answer} evaluation={record?.result} pointed={pointed} />
          {answer.spoken && <Delivery key={answer.id} facts={answer.spoken} />}
          {record && <AboutEvaluation key={record.id} record={record} spoken={answer.spoken !== null} />}
        </div>
        {record && <Found evaluation={record.result} pointed={pointed} />}
      </div>
      {record && other && (
        <Beside shown={record} other={other} choose={(id) => (chosen.value = id)} />
      )}
      <FollowUps asked={asked} evaluation={record?.result} />
      <Reference question={asked.question} />
    </div>
  );
}

/** The evaluation that was chosen, else the newest of the newest answer. */
function shown(asked: SessionQuestion, chosen?: string): EvaluationRecord | undefined {
  const newest = asked.answers.at(-1)?.id;
  return (
    asked.evaluations.find(({ id }) => id === chosen) ??
    asked.evaluations.findLast(({ answer_id }) => answer_id === newest)
  );
}

function isOnItsWay({ job }: SessionQuestion): boolean {
  return job !== null && job.state !== "done" && job.state !== "cancelled";
}

function Unanswered({ asked }: { asked: SessionQuestion }) {
  return (
    <div class="result">
      <p class="dim">
        {asked.status === "skipped" ? "You skipped this question." : "You left this question open."}
        {asked.draft?.trim() ? " This is what you had written:" : ""}
      </p>
      {asked.draft?.trim() && (
        <blockquote class="answer plain" dir="auto">
          {asked.draft}
        </blockquote>
      )}
      <Reference question={asked.question} />
    </div>
  );
}
