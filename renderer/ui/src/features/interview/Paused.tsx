/** Covers the question while the interview is paused. */

import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../components/button";
import type { InterviewModel } from "./model";

export function Paused({ model, leave }: { model: InterviewModel; leave: () => void }) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  return (
    <section class="cover" ref={box} aria-labelledby="paused">
      <span class="breath" aria-hidden="true" />
      <h2 id="paused">Paused</h2>
      <p class="lead">The question is covered and the clock stands still. All you wrote is kept.</p>
      <div class="row">
        <Button look="primary" icon="play" keys="Alt+P" aria-label="Go on" onClick={() => model.resume()}>
          Go on
        </Button>
        <Button onClick={leave}>Leave for now</Button>
      </div>
    </section>
  );
}
