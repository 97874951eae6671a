/** The answer, with the passages marked that the evaluation speaks of. */

import type { Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Answer, Evaluation } from "../../contracts.gen";
import { dateAndTime, duration } from "../../formats";
import { marksOf, type Piece, pieces } from "./highlight";

export interface AnswerTextProps {
  answer: Answer;
  evaluation: Evaluation | undefined;
  /** The mark that pointer or focus is on, here or in the list of points. */
  pointed: Signal<string | undefined>;
}

export function AnswerText({ answer, evaluation, pointed }: AnswerTextProps) {
  const box = useRef<HTMLQuoteElement>(null);
  const parts = useMemo(
    () => pieces(answer.text, evaluation ? marksOf(evaluation) : []),
    [answer.text, evaluation],
  );
  const target = pointed.value;
  useEffect(() => {
    showLit(box.current);
  }, [target]);
  return (
    <section class="answer-side" aria-label="Your answer">
      <h3>Your answer</h3>
      <blockquote class="answer" dir="auto" ref={box}>
        {parts.map((piece, at) => (
          <Part key={at} piece={piece} target={target} pointed={pointed} />
        ))}
      </blockquote>
      <p class="hint">
        {answer.spoken ? "Spoken and handed in after " : "Written in "}
        {duration(answer.elapsed_ms)}, {!answer.spoken && "handed in "}
        {dateAndTime(answer.created_at)}
      </p>
    </section>
  );
}

/** Scrolls the answer, and only it, to the passage that is lit. */
function showLit(box: HTMLElement | null): void {
  const lit = box?.querySelector<HTMLElement>(".lit");
  if (!box || !lit) return;
  const top = lit.offsetTop - box.offsetTop;
  const hidden = top < box.scrollTop || top > box.scrollTop + box.clientHeight - 40;
  if (hidden) box.scrollTo({ top: top - 24, behavior: "smooth" });
}

interface PartProps {
  piece: Piece;
  target: string | undefined;
  pointed: Signal<string | undefined>;
}

/** Coverage shows at all times; what STAR and advice quote only when one points to it. */
function Part({ piece, target, pointed }: PartProps) {
  if (piece.marks.length === 0) return <>{piece.text}</>;
  const lit = piece.marks.some(({ id }) => id === target);
  const first = piece.marks.find(({ kind }) => kind !== "advice") ?? piece.marks[0];
  const kinds = piece.marks.map(({ kind }) => kind).join(" ");
  return (
    <mark
      class={`${kinds} ${lit ? "lit" : ""}`}
      onPointerEnter={() => (pointed.value = first?.id)}
      onPointerLeave={() => (pointed.value = undefined)}
    >
      {piece.text}
    </mark>
  );
}
