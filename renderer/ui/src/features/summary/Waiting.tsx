/** An answer that has no evaluation yet, and why it waits; it can be cancelled, and asked again. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { useApp } from "../../context";
import type { Answer, SessionQuestion } from "../../contracts.gen";
import { AskAgain } from "./Made";

export interface WaitingProps {
  asked: SessionQuestion;
  answer: Answer;
}

export function Waiting({ asked, answer }: WaitingProps) {
  const { job } = asked;
  if (job?.state === "failed") return <Failed asked={asked} answer={answer} />;
  if (job?.state === "cancelled") return <Cancelled answer={answer} />;
  const error = job?.error;
  return (
    <div class="waiting" role="status">
      <span class="pulse" aria-hidden="true" />
      <p>
        {error ? `Waiting: ${error.message} ${error.remedy}` : "Being evaluated…"}
      </p>
      {error && <code class="code">{error.code}</code>}
      {job && <Cancel key={job.id} jobId={job.id} />}
    </div>
  );
}

function Cancel({ jobId }: { jobId: string }) {
  const { api } = useApp();
  const asked = useSignal(false);
  const error = useSignal<CallError | undefined>(undefined);
  const cancel = async () => {
    asked.value = true;
    error.value = undefined;
    try {
      await api.cancelEvaluation({ job_id: jobId });
    } catch (reason) {
      error.value = reason as CallError;
      asked.value = false;
    }
  };
  return (
    <>
      <Button look="quiet" disabled={asked.value} onClick={() => void cancel()}>
        Cancel evaluation
      </Button>
      <ErrorNote error={error.value} />
    </>
  );
}

function Cancelled({ answer }: { answer: Answer }) {
  return (
    <div class="waiting" role="status">
      <p>You cancelled the evaluation. Your answer is kept.</p>
      <AskAgain answerId={answer.id} />
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
