/** Before the end: what was left out, and the way back to it. */

import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { plural } from "../../formats";
import type { InterviewModel } from "./model";

export function Review({ model }: { model: InterviewModel }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const left = model.session.value.questions
    .map((asked, at) => ({ asked, at }))
    .filter(({ asked }) => asked.status !== "answered");
  return (
    <section class="review" aria-labelledby="review">
      <h2 id="review" ref={heading} tabIndex={-1}>
        That was the last one.
      </h2>
      <p class="lead">
        {plural(left.length, "question is", "questions are")} still without an answer. Go back, or
        finish: what has no answer doesn't count.
      </p>
      <ul class="left-out">
        {left.map(({ asked, at }) => (
          <li key={asked.id}>
            <button type="button" onClick={() => model.goTo(at)}>
              <span class="number">{at + 1}</span>
              <span class="left-out-text" dir="auto">
                {asked.question.prompt}
              </span>
              <Icon name="right" />
            </button>
          </li>
        ))}
      </ul>
      <ErrorNote error={model.error.value} />
      <div class="row">
        <Button
          look="primary"
          keys="Ctrl+Enter"
          aria-label="Finish interview"
          onClick={() => void model.finish()}
        >
          Finish interview
        </Button>
      </div>
    </section>
  );
}
