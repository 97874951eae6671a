/** What to do next time, with the words of one's own that it speaks of. */

import type { Signal } from "@preact/signals";
import type { Advice as AdviceItem } from "../../contracts.gen";
import { Evidence } from "./KeyPoints";

export interface AdviceProps {
  advice: readonly AdviceItem[];
  pointed: Signal<string | undefined>;
}

export function Advice({ advice, pointed }: AdviceProps) {
  return (
    <div class="advice">
      <h3>Next time</h3>
      <ol>
        {advice.map(({ text, quote }, at) => (
          <li key={at}>
            <p>{text}</p>
            <Evidence id={`advice-${at}`} quote={quote} pointed={pointed} />
          </li>
        ))}
      </ol>
    </div>
  );
}
