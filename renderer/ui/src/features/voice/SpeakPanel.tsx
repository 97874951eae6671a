/** Where an answer is spoken: before, while it is recorded, and while it is written down. */

import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../components/button";
import { ErrorNote } from "../../components/error-note";
import { Icon } from "../../components/icons";
import { Keys } from "../../components/keys";
import type { Recording } from "../../contracts.gen";
import { clock } from "../../formats";
import { DeviceChoice } from "./DeviceChoice";
import { Meter } from "./Meter";
import type { SpokenAnswers } from "./spoken-answers";

export interface SpeakPanelProps {
  spoken: SpokenAnswers;
  questionId: string;
  written: boolean;
}

export function SpeakPanel({ spoken, questionId, written }: SpeakPanelProps) {
  const { recorder } = spoken;
  const stage = recorder.stage.value;
  const recording = spoken.of(questionId);
  return (
    <div class={`editor speak ${stage}`}>
      <ErrorNote error={recorder.error.value ?? spoken.error.value} />
      {stage === "recording" || stage === "paused" ? (
        <Listening spoken={spoken} questionId={questionId} heard={recording?.transcript?.text} />
      ) : recording?.state === "recording" && stage === "idle" ? (
        <Unfinished spoken={spoken} recording={recording} />
      ) : recording && stage === "idle" ? (
        <WritingDown text={recording.transcript?.text} />
      ) : (
        <Before spoken={spoken} questionId={questionId} written={written} />
      )}
    </div>
  );
}

function Before({ spoken, questionId, written }: SpeakPanelProps) {
  const stage = spoken.recorder.stage.value;
  const begin = useRef<HTMLButtonElement>(null);
  useEffect(() => begin.current?.focus(), []);
  return (
    <div class="speak-before">
      <button
        ref={begin}
        type="button"
        class="record"
        aria-keyshortcuts="Alt+R"
        disabled={stage !== "idle"}
        onClick={() => void spoken.start(questionId)}
      >
        <Icon name="microphone" size={30} />
        <span class="sr-only">Start speaking</span>
      </button>
      <p class="speak-title" role="status">
        {stage === "idle" && (written ? "Go on by speaking" : "Start speaking when you are ready")}
        {stage === "opening" && "Opening the microphone…"}
        {stage === "stopping" && "Ending the recording…"}
        {stage === "idle" && <Keys keys="Alt+R" />}
      </p>
      <p class="hint">
        It is recorded and written down on this computer.{" "}
        {written && "What you say is put after what is written."}
      </p>
      <DeviceChoice device={spoken.device} disabled={stage !== "idle"} />
    </div>
  );
}

interface ListeningProps {
  spoken: SpokenAnswers;
  questionId: string;
  heard: string | undefined;
}

function Listening({ spoken, questionId, heard }: ListeningProps) {
  const { recorder } = spoken;
  const paused = recorder.stage.value === "paused";
  const stop = useRef<HTMLButtonElement>(null);
  useEffect(() => stop.current?.focus(), []);
  return (
    <>
      <div class="listening-head">
        <span class={paused ? "rec-sign paused" : "rec-sign"} aria-hidden="true" />
        <span role="status">{paused ? "Paused" : "Recording"}</span>
        <span class="listening-time" role="timer" aria-label="Recorded">
          {clock(recorder.elapsedMs.value)}
        </span>
        <Meter level={recorder.level.value} />
      </div>
      {recorder.quiet.value && !paused && <TooQuiet />}
      <SoFar text={heard} waiting="What you say appears here, a few sentences at a time; the first take longest." />
      <div class="listening-foot">
        <Button icon={paused ? "play" : "pause"} onClick={() => (paused ? recorder.goOn() : recorder.pause())}>
          {paused ? "Go on" : "Hold"}
        </Button>
        <Button look="quiet" icon="again" onClick={() => void spoken.again(questionId)}>
          Start again
        </Button>
        <button
          ref={stop}
          type="button"
          class="button primary stop"
          aria-label="I have finished"
          aria-keyshortcuts="Alt+R"
          onClick={() => void spoken.stop()}
        >
          <Icon name="stop" size={18} />
          I have finished
          <Keys keys="Alt+R" />
        </button>
      </div>
    </>
  );
}

function TooQuiet() {
  return (
    <p class="too-quiet" role="alert">
      <Icon name="warning" size={18} />
      Hardly anything is heard. Is this the right microphone, and is it on?
    </p>
  );
}

/** Follows its own end, where the newest words are. */
function SoFar({ text, waiting }: { text: string | undefined; waiting: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.scrollTo(0, box.current.scrollHeight), [text]);
  return (
    <div class="so-far" role="log" aria-label="Transcript so far" tabIndex={0} ref={box}>
      {text ? <p dir="auto">{text}</p> : <p class="hint">{waiting}</p>}
    </div>
  );
}

function WritingDown({ text }: { text: string | undefined }) {
  return (
    <>
      <div class="listening-head">
        <span class="working" aria-hidden="true" />
        <span role="status">Writing down what you said…</span>
      </div>
      <SoFar text={text} waiting="This takes a few seconds. You can go on; nothing is lost." />
    </>
  );
}

/** Its page was closed, or it goes on in another window: only the person knows. */
function Unfinished({ spoken, recording }: { spoken: SpokenAnswers; recording: Recording }) {
  return (
    <div class="speak-before">
      <p class="speak-title">A recording of this answer was not ended</p>
      <p class="hint">
        The page was closed meanwhile, or it goes on in another window. What was said so far is kept.
      </p>
      <div class="row">
        <Button look="primary" onClick={() => void spoken.finish(recording)}>
          End it and write it down
        </Button>
        <Button look="quiet" onClick={() => void spoken.discard(recording.session_question_id)}>
          Delete it
        </Button>
      </div>
    </div>
  );
}
