/** An answer that has no evaluation yet, and why it waits. */

import { Icon } from "../../components/icons";
import type { Answer, SessionQuestion } from "../../contracts.gen";
import { AskAgain } from "./Made";

export interface WaitingProps {
  asked: SessionQuestion;
  answer: Answer;
}

export function Waiting({ asked, answer }: WaitingProps) {
  const { job } = asked;
  if (job?.state === "failed") return <Failed asked={asked} answer={answer} />;
  const error = job?.error;
  return (
    <div class="waiting" role="status">
      <span class="pulse" aria-hidden="true" />
      <p>
        {error ? `Waiting: ${error.message} ${error.remedy}` : "Being evaluated…"}
      </p>
      {error && <code class="code">{error.code}</code>}
    </div>
  );
}

function Failed({ asked, answer }: WaitingProps) {
  const error = asked.job?.error;
  return (
    <div class="note error" role="alert">
      <Icon name="warning" />
      <div class="note-text">
        <p>{error?.message ?? "This answer could not be evaluated."}</p>
        {error?.remedy && <p class="dim">{error.remedy}</p>}
        <AskAgain answerId={answer.id} />
      </div>
      {error && <code class="code">{error.code}</code>}
    </div>
  );
}
