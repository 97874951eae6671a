/** What came of an interview: the whole, then each question; also how the history opens one. */

import { useEffect, useMemo } from "preact/hooks";
import { ErrorNote } from "../../components/error-note";
import { useApp } from "../../context";
import type { InterviewSession } from "../../contracts.gen";
import { useLive } from "../../live";
import { href } from "../../routing";
import { Overview } from "./Overview";
import { QuestionCard } from "./QuestionCard";

export interface SummaryScreenProps {
  id: string;
  /** The question of the interview to open at. */
  at?: string | undefined;
}

export function SummaryScreen({ id, at }: SummaryScreenProps) {
  const { api } = useApp();
  const session = useLive(id, () => api.getSession({ session_id: id }), { topic: "sessions", id });
  const shown = session.data.value;
  if (shown) return <Summary session={shown} at={at} />;
  if (!session.error.value) return <p class="quiet-wait">Opening…</p>;
  return (
    <div class="narrow">
      <ErrorNote error={session.error.value}>
        <a href={href({ screen: "history" })}>Go to the history</a>
      </ErrorNote>
    </div>
  );
}

function Summary({ session, at }: { session: InterviewSession; at: string | undefined }) {
  const only = session.questions.length === 1;
  const first = useMemo(
    () => at ?? session.questions.find(({ answers }) => answers.length > 0)?.id,
    [],
  );
  useEffect(() => {
    document.title = `${session.title} – Interview App`;
  }, [session.title]);
  return (
    <div class="summary">
      <Overview session={session} />
      <section aria-label="Questions and answers" class="cards">
        {session.questions.map((asked) => (
          <QuestionCard
            key={asked.id}
            asked={asked}
            openAtFirst={only || asked.id === first}
            show={asked.id === at}
          />
        ))}
      </section>
    </div>
  );
}
