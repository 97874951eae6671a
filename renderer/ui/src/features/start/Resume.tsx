/** The interview that was left in the middle. */

import { Button } from "../../components/button";
import type { SessionSummary } from "../../contracts.gen";
import { day, timeOfDay } from "../../formats";
import { go } from "../../routing";

export function Resume({ session }: { session: SessionSummary }) {
  const { answered, question_count, created_at, title, id } = session;
  return (
    <section class="resume" aria-label="Unfinished interview">
      <div class="resume-text">
        <p class="eyebrow">Unfinished</p>
        <h2>{title}</h2>
        <p class="dim">
          {answered} of {question_count} answered · {day(created_at)}, {timeOfDay(created_at)}
        </p>
      </div>
      <Segments count={question_count} done={answered} />
      <Button look="primary" icon="play" onClick={() => go({ screen: "interview", id })}>
        Resume
      </Button>
    </section>
  );
}

function Segments({ count, done }: { count: number; done: number }) {
  return (
    <div class="mini-segments" aria-hidden="true">
      {Array.from({ length: count }, (_, at) => (
        <i key={at} class={at < done ? "done" : ""} />
      ))}
    </div>
  );
}
