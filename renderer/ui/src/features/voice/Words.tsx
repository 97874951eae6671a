/** The transcript word by word: each can be heard, and the one that is heard is marked. */

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Word } from "../../contracts.gen";
import { wordAt } from "./heard";
import type { Player } from "./player";

/** Below this the model itself was hardly sure. */
const UNSURE = 0.5;
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 };

export function Words({ words, player }: { words: readonly Word[]; player: Player }) {
  const box = useRef<HTMLDivElement>(null);
  const reached = useSignal(0);
  const now = player.playing.value ? wordAt(words, player.atMs.value) : -1;
  const move = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    reached.value = Math.max(0, Math.min(words.length - 1, reached.peek() + step));
    box.current?.querySelectorAll("button")[reached.peek()]?.focus();
  };
  return (
    <div class="heard-words" role="group" aria-label="What was heard, word by word" ref={box} onKeyDown={move}>
      {words.map((word, at) => (
        <button
          key={at}
          type="button"
          class={look(word)}
          title={hint(word)}
          tabIndex={at === reached.value ? 0 : -1}
          aria-current={at === now ? "true" : undefined}
          onClick={() => {
            reached.value = at;
            player.play(word.start_ms);
          }}
        >
          {word.text.trim()}
        </button>
      ))}
    </div>
  );
}

function look({ filler, probability }: Word): string {
  return `heard-word ${filler ? "filler" : ""} ${probability < UNSURE ? "unsure" : ""}`;
}

function hint({ filler, probability }: Word): string {
  if (filler) return "A filler";
  return probability < UNSURE ? "Not heard clearly" : "Listen from here";
}
