/** The interview as a whole: its score and what that means, and doing it again. */

import { Button } from "../../components/button";
import { ScoreRing } from "../../components/score-ring";
import { useApp } from "../../context";
import type { CallError } from "../../bridge";
import type { InterviewSession } from "../../contracts.gen";
import { dateAndTime, duration, plural } from "../../formats";
import { go } from "../../routing";
import { evaluated } from "../interview/evaluated";
import { meaning, percent } from "./words";

export function Overview({ session }: { session: InterviewSession }) {
  const { score, questions, created_at, title } = session;
  const { done, all } = evaluated(session);
  const time = questions.reduce((sum, { elapsed_ms }) => sum + elapsed_ms, 0);
  const label = score === null ? "No score" : `Overall score ${percent(score)} of 100`;
  return (
    <header class="overview">
      <ScoreRing score={score} size={132} label={label} />
      <div class="overview-text">
        <p class="eyebrow">{dateAndTime(created_at)}</p>
        <h1>{title}</h1>
        <p class="lead">{headline(session)}</p>
        <dl class="facts">
          <Fact name="Answered" value={`${all} of ${questions.length}`} />
          <Fact name="Score from" value={`${session.graded} of ${questions.length} graded`} />
          <Fact name="Time" value={duration(time)} />
        </dl>
        <p class="sr-only" role="status">
          {done < all ? `${done} of ${plural(all, "answer")} evaluated` : ""}
        </p>
      </div>
      <div class="overview-actions">
        <Again session={session} />
        {session.status !== "finished" && (
          <Button icon="play" onClick={() => go({ screen: "interview", id: session.id })}>
            Resume
          </Button>
        )}
      </div>
    </header>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** One sentence on the whole. Not every question counts, and that is said beside the score. */
function headline(session: InterviewSession): string {
  const { done, all } = evaluated(session);
  if (all === 0) return "No question was answered, so there is nothing to judge.";
  if (done < all) return `${done} of ${plural(all, "answer")} evaluated; the rest follows by itself.`;
  if (session.score === null) {
    return "These answers get facts and advice instead of a score.";
  }
  const { word, sentence } = meaning(session.score);
  return `${word}. ${sentence}`;
}

function Again({ session }: { session: InterviewSession }) {
  const { api, toasts } = useApp();
  const start = async () => {
    try {
      const { id } = await api.startSession({ setup: session.setup });
      go({ screen: "interview", id });
    } catch (error) {
      const { message, code } = error as CallError;
      toasts.show(`${message} (${code})`);
    }
  };
  return (
    <Button look="primary" icon="again" onClick={() => void start()}>
      Practise again
    </Button>
  );
}
