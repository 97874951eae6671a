/** Situation, task, action, result: which of them a behavioural answer tells, and where. */

import type { Signal } from "@preact/signals";
import { Icon } from "../../components/icons";
import type { StarResult } from "../../contracts.gen";
import { plural } from "../../formats";
import { Evidence } from "./KeyPoints";
import { STAR } from "./words";

export interface StarPartsProps {
  parts: readonly StarResult[];
  pointed: Signal<string | undefined>;
}

export function StarParts({ parts, pointed }: StarPartsProps) {
  return (
    <div class="points star">
      <h3>Your story</h3>
      <ul>
        {parts.map(({ part, found, evidence, cue, words }) => (
          <li key={part} class={found ? "point covered" : "point missing"}>
            <span class="point-mark">
              <Icon name={found ? "check" : "missing"} size={16} />
            </span>
            <div>
              <p>
                <strong>{STAR[part]}</strong>{" "}
                <span class="dim">
                  {found ? "found" : "not found"}
                  {words > 0 && `, ${plural(words, "word")}`}
                </span>
              </p>
              <Evidence id={`star-${part}`} quote={evidence} pointed={pointed} />
              {!found && cue && <p class="hint">{cue}</p>}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
