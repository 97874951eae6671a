/** One interview in the history: opened, resumed, renamed or deleted from here. */

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button, IconButton } from "../../components/button";
import { ScoreRing } from "../../components/score-ring";
import type { Catalogue, SessionSummary } from "../../contracts.gen";
import { timeOfDay } from "../../formats";
import { go, href } from "../../routing";
import { subject } from "../start/setup";

export interface HistoryRowProps {
  session: SessionSummary;
  catalogue: Catalogue | undefined;
  rename: (title: string) => void;
  remove: () => void;
}

const STATUS = { active: "Unfinished", paused: "Unfinished", finished: "Finished" } as const;

export function HistoryRow({ session, catalogue, rename, remove }: HistoryRowProps) {
  const renaming = useSignal(false);
  const { id, title, status, score } = session;
  const finished = status === "finished";
  const keep = (text: string) => {
    renaming.value = false;
    if (text && text !== title) rename(text);
  };
  return (
    <div class="row-card">
      <ScoreRing score={score} size={44} label={score === null ? "No score" : "Score"} />
      <div class="row-text">
        {renaming.value ? (
          <TitleField title={title} keep={keep} cancel={() => (renaming.value = false)} />
        ) : (
          <a class="row-title" href={href({ screen: "summary", id })} dir="auto">
            {title}
          </a>
        )}
        <p class="row-facts">
          <span>{timeOfDay(session.created_at)}</span>
          <span>{subject(session.setup, catalogue)}</span>
          <span>
            {session.answered} of {session.question_count} answered
          </span>
          <span class={finished ? "badge" : "badge open"}>{STATUS[status]}</span>
        </p>
      </div>
      <div class="row-actions">
        {!finished && (
          <Button
            icon="play"
            aria-label={`Resume ${title}`}
            onClick={() => go({ screen: "interview", id })}
          >
            Resume
          </Button>
        )}
        <IconButton icon="edit" label={`Rename ${title}`} onClick={() => (renaming.value = true)} />
        <IconButton icon="delete" label={`Delete ${title}`} onClick={remove} />
      </div>
    </div>
  );
}

interface TitleFieldProps {
  title: string;
  keep: (title: string) => void;
  cancel: () => void;
}

function TitleField({ title, keep, cancel }: TitleFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => input.current?.select(), []);
  /** Once only: the field loses the focus as it goes, which must not decide again. */
  const decide = (decision: () => void) => {
    if (done.current) return;
    done.current = true;
    decision();
  };
  const save = () => decide(() => keep(input.current?.value.trim() ?? ""));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") save();
    if (event.key === "Escape") decide(cancel);
  };
  return (
    <input
      ref={input}
      class="title-field"
      aria-label="Title of the interview"
      maxLength={200}
      dir="auto"
      defaultValue={title}
      onKeyDown={onKeyDown}
      onBlur={save}
    />
  );
}
