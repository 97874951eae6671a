/** What a strong answer contains: folded, so that it spoils nothing. */

import type { ComponentChildren } from "preact";
import { Icon } from "../../components/icons";
import type { Question } from "../../contracts.gen";

export function Reference({ question }: { question: Question }) {
  const { reference_answer } = question;
  if (!reference_answer) return null;
  return (
    <Fold title="Reference answer">
      <p class="pre" dir="auto">
        {reference_answer.trim()}
      </p>
    </Fold>
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
