/** What a strong answer contains: folded, so that it spoils nothing. */

import type { ComponentChildren } from "preact";
import { Icon } from "../../components/icons";
import type { Question } from "../../contracts.gen";

export function Reference({ question }: { question: Question }) {
  const { reference_answer, follow_ups } = question;
  return (
    <>
      {reference_answer && (
        <Fold title="Reference answer">
          <p class="pre" dir="auto">
            {reference_answer.trim()}
          </p>
        </Fold>
      )}
      {follow_ups.length > 0 && (
        <Fold title="Follow-up questions">
          <ul class="plain-list">
            {follow_ups.map((text) => (
              <li key={text} dir="auto">
                {text}
              </li>
            ))}
          </ul>
        </Fold>
      )}
    </>
  );
}

export function Fold({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <details class="fold">
      <summary>
        <Icon name="right" size={18} />
        {title}
      </summary>
      <div class="fold-body">{children}</div>
    </details>
  );
}
