/** Who made the evaluation and why, how sure it is, what it can't see; and making a new one. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import type { EvaluationRecord, TokensUsed } from "../../contracts.gen";
import { dateAndTime } from "../../formats";
import { evaluatorName, percent } from "./words";

export function Made({ record }: { record: EvaluationRecord }) {
  const { reason, confidence, limits, tokens } = record.result;
  return (
    <div class="made">
      <h3>How this was judged</h3>
      <p>
        <strong>{evaluatorName(record.result)}</strong>, {dateAndTime(record.created_at)}. {reason}{" "}
        Confidence {percent(confidence)} of 100.
        {tokens && tokensUsed(tokens)}
      </p>
      {limits && <p class="dim">{limits}</p>}
      <AskAgain answerId={record.answer_id} />
    </div>
  );
}

function tokensUsed({ sent, received }: TokensUsed): string {
  if (sent + received === 0) return " The server didn't say how many tokens it took.";
  return ` ${sent.toLocaleString()} tokens sent, ${received.toLocaleString()} received.`;
}

export function AskAgain({ answerId }: { answerId: string }) {
  const { api } = useApp();
  const state = useSignal<"idle" | "asked">("idle");
  const error = useSignal<CallError | undefined>(undefined);
  const ask = async () => {
    state.value = "asked";
    error.value = undefined;
    try {
      await api.requestEvaluation({ answer_id: answerId });
    } catch (reason) {
      error.value = reason as CallError;
      state.value = "idle";
    }
  };
  return (
    <>
      <Button
        look="quiet"
        icon="again"
        disabled={state.value === "asked"}
        onClick={() => void ask()}
      >
        Evaluate again
      </Button>
      <ErrorNote error={error.value} />
    </>
  );
}
