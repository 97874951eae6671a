/** Progress, time and the ways out, above the question. */

import { Button, IconButton } from "../../components/button";
import { Icon } from "../../components/icons";
import { Logo } from "../../components/logo";
import { useApp } from "../../context";
import type { SessionQuestion } from "../../contracts.gen";
import { clock, plural } from "../../formats";
import { sentTo } from "../../llm";
import { evaluated } from "./evaluated";
import type { InterviewModel } from "./model";

export interface HeadProps {
  model: InterviewModel;
  leave: () => void;
  pause: () => void;
}

export function Head({ model, leave, pause }: HeadProps) {
  const { title } = model.session.value;
  const paused = model.phase.value === "paused";
  return (
    <header class="interview-head">
      <div class="head-left">
        <Logo size={26} />
        <h1>{title}</h1>
      </div>
      <Progress model={model} />
      <div class="head-right">
        {model.phase.value === "asking" && <Timer model={model} />}
        <IconButton
          icon={paused ? "play" : "pause"}
          label={paused ? "Go on" : "Pause"}
          aria-keyshortcuts="Alt+P"
          onClick={pause}
        />
        <Button look="quiet" icon="close" onClick={leave}>
          Leave
        </Button>
      </div>
      <Background model={model} />
    </header>
  );
}

const STATE = { open: "not answered yet", answered: "answered", skipped: "skipped" } as const;

function Progress({ model }: { model: InterviewModel }) {
  const { questions } = model.session.value;
  const current = model.index.value;
  const many = questions.length > 12;
  const segment = (question: SessionQuestion, at: number) => (
    <li key={question.id}>
      <button
        type="button"
        class={`step ${question.status}`}
        aria-current={at === current ? "step" : undefined}
        aria-label={`Question ${at + 1}, ${STATE[question.status]}`}
        title={`Question ${at + 1}, ${STATE[question.status]}`}
        disabled={model.phase.value === "paused" || model.phase.value === "feedback"}
        onClick={() => model.goTo(at)}
      />
    </li>
  );
  return (
    <nav class={many ? "progress many" : "progress"} aria-label="Questions of this interview">
      <span class="progress-text">
        {current + 1} of {questions.length}
      </span>
      <ol>{questions.map(segment)}</ol>
    </nav>
  );
}

/** How long this question has been on screen, against what was suggested; it never urges. */
function Timer({ model }: { model: InterviewModel }) {
  const elapsed = model.timer.elapsedMs.value;
  const suggested = model.session.value.setup.seconds_per_question;
  const part = suggested ? Math.min(1, elapsed / (suggested * 1000)) : 0;
  return (
    <div class="timer" role="timer" aria-label="Time on this question">
      {suggested ? <TimerRing part={part} /> : <Icon name="clock" size={18} />}
      <span class="timer-now">{clock(elapsed)}</span>
      {suggested && <span class="timer-of">of about {clock(suggested * 1000)}</span>}
    </div>
  );
}

function TimerRing({ part }: { part: number }) {
  const length = 2 * Math.PI * 7;
  return (
    <svg class="timer-ring" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
      <circle class="ring-track" cx="10" cy="10" r="7" />
      <circle
        class="ring-value"
        cx="10"
        cy="10"
        r="7"
        stroke-dasharray={`${part * length} ${length}`}
        transform="rotate(-90 10 10)"
      />
    </svg>
  );
}

/** What goes on behind: evaluations, and where they are made. */
function Background({ model }: { model: InterviewModel }) {
  const host = sentTo(useApp().settings.value);
  const { done, all } = evaluated(model.session.value);
  return (
    <div class="background">
      {host && (
        <span class="privacy sends">
          <Icon name="cloud" size={16} />
          Answers are sent to {host}
        </span>
      )}
      <span role="status">
        {all > 0 && `${done} of ${plural(all, "answer")} evaluated`}
      </span>
    </div>
  );
}
