/** What an interviewer would ask next; each can be answered, as the last question of the interview. */

import { useSignal } from "@preact/signals";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import type { Evaluation, FollowUp, SessionQuestion } from "../../contracts.gen";
import { go } from "../../routing";

export interface FollowUpsProps {
  asked: SessionQuestion;
  evaluation?: Evaluation | undefined;
}

export function FollowUps({ asked, evaluation }: FollowUpsProps) {
  const { api, route, toasts } = useApp();
  const taken = useSignal<readonly string[]>([]);
  const error = useSignal<CallError | undefined>(undefined);
  const take = async ({ prompt, key_point }: FollowUp) => {
    taken.value = [...taken.value, prompt];
    error.value = undefined;
    try {
      const session_question_id = asked.id;
      const { id } = await api.addFollowUp({ session_question_id, prompt, key_point });
      if (route.peek().screen === "interview") toasts.show("It comes as the last question.");
      else go({ screen: "interview", id });
    } catch (reason) {
      taken.value = taken.value.filter((one) => one !== prompt);
      error.value = reason as CallError;
    }
  };
  const offered = offers(asked, evaluation);
  if (offered.length === 0) return null;
  return (
    <section class="follow-ups" aria-label="Follow-up questions">
      <h3>An interviewer might ask next</h3>
      <ul>
        {offered.map((one) => (
          <li key={one.prompt}>
            <p dir="auto">{one.prompt}</p>
            <Button
              look="quiet"
              aria-label={`Answer this: ${one.prompt}`}
              disabled={taken.value.includes(one.prompt)}
              onClick={() => void take(one)}
            >
              {taken.value.includes(one.prompt) ? "Added" : "Answer this"}
            </Button>
          </li>
        ))}
      </ul>
      <ErrorNote error={error.value} />
    </section>
  );
}

/** Those of the evaluation; without one, or of one from before there were any, the question's. */
export function offers({ question }: SessionQuestion, evaluation?: Evaluation): readonly FollowUp[] {
  if (evaluation && evaluation.follow_ups.length > 0) return evaluation.follow_ups;
  return question.follow_ups.map((prompt) => ({ prompt, key_point: null }));
}
