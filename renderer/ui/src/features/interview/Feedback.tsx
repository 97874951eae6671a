/** The result of the answer just handed in, before the interview goes on. */

import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Result } from "../summary/Result";
import type { InterviewModel } from "./model";

export function Feedback({ model }: { model: InterviewModel }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const asked = model.question.value;
  const last = model.index.value === model.session.value.questions.length - 1;
  return (
    <section class="feedback" aria-labelledby="feedback">
      <div class="asked">
        <p class="eyebrow">Feedback</p>
        <h2 id="feedback" class="prompt small" ref={heading} tabIndex={-1} dir="auto">
          {asked.question.prompt}
        </h2>
      </div>
      <Result asked={asked} />
      <ErrorNote error={model.error.value} />
      <footer class="actions">
        <Button look="quiet" onClick={() => model.goTo(model.index.peek())}>
          Improve my answer
        </Button>
        <Button
          look="primary"
          keys="Ctrl+Enter"
          aria-label={last ? "Finish" : "Continue"}
          onClick={() => model.goOn()}
        >
          {last ? "Finish" : "Continue"}
        </Button>
      </footer>
    </section>
  );
}
