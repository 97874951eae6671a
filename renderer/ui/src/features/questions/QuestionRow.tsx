/** A question of the bank; unfolded it shows what it looks for, the answer still folded. */

import { useId } from "preact/hooks";
import type { CallError } from "../../bridge";
import { Button } from "../../components/button";
import { Icon, topicIcon } from "../../components/icons";
import { Marked } from "../../components/marked";
import { useApp } from "../../context";
import type { Catalogue, Question, Span } from "../../contracts.gen";
import { title } from "../../formats";
import { go } from "../../routing";
import { MIXED_FIVE, topicTitle } from "../start/setup";
import { Fold, Reference } from "../summary/Reference";
import { STAR } from "../summary/words";

/** A question and what a search matched in its prompt. */
export interface FoundQuestion extends Question {
  marks: readonly Span[];
}

export interface QuestionRowProps {
  question: FoundQuestion;
  catalogue: Catalogue | undefined;
  open: boolean;
  toggle: () => void;
}

export function QuestionRow({ question, catalogue, open, toggle }: QuestionRowProps) {
  const bodyId = useId();
  const { topic, kind, difficulty, source } = question;
  return (
    <div class={open ? "row-card question open" : "row-card question"}>
      <button
        type="button"
        class="question-head"
        aria-expanded={open}
        aria-controls={bodyId}
        onClick={toggle}
      >
        <span class="role-icon">
          <Icon name={topicIcon(topic)} />
        </span>
        <span class="row-text">
          <span class="question-prompt" dir="auto">
            <Marked text={question.prompt} spans={question.marks} />
          </span>
          <span class="row-facts">
            <span>{topicTitle(catalogue, topic)}</span>
            <span>{title(kind)}</span>
            <span>{title(difficulty)}</span>
            {source === "own" && <span class="badge open">My own</span>}
          </span>
        </span>
        <Icon name="down" />
      </button>
      <div id={bodyId} class="question-body" hidden={!open}>
        {open && <Details question={question} />}
      </div>
    </div>
  );
}

function Details({ question }: { question: Question }) {
  const { api, toasts } = useApp();
  const practise = async () => {
    const setup = { ...MIXED_FIVE, question_count: 1, question_ids: [question.id] };
    try {
      const { id } = await api.startSession({ setup });
      go({ screen: "interview", id });
    } catch (error) {
      const { message, code } = error as CallError;
      toasts.show(`${message} (${code})`);
    }
  };
  return (
    <>
      {question.tags.length > 0 && (
        <p class="tags">
          {question.tags.map((tag) => (
            <span key={tag} class="tag">
              {title(tag)}
            </span>
          ))}
        </p>
      )}
      <Expected question={question} />
      <Reference question={question} />
      <div class="row">
        <Button look="primary" icon="play" onClick={() => void practise()}>
          Practise this question
        </Button>
      </div>
    </>
  );
}

/** Folded too: whoever wants to answer first must not read it by accident. */
function Expected({ question }: { question: Question }) {
  const { key_points, star_cues, traits } = question;
  const cues = star_cues
    ? Object.entries(STAR).map(([part, name]) => [name, star_cues[part as keyof typeof STAR]])
    : [];
  if (key_points.length === 0 && cues.length === 0 && traits.length === 0) return null;
  return (
    <Fold title="What a strong answer contains">
      {traits.length > 0 && <p>Shows {traits.join(", ")}.</p>}
      <ul class="plain-list">
        {key_points.map((point) => (
          <li key={point} dir="auto">
            {point}
          </li>
        ))}
        {cues.map(([name, cue]) => (
          <li key={name}>
            <strong>{name}:</strong> {cue}
          </li>
        ))}
      </ul>
    </Fold>
  );
}
