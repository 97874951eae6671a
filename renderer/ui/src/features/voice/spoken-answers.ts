/** The recordings of an interview by question, and what was heard in them. */

import { signal, untracked } from "@preact/signals";
import type { Api } from "../../api";
import type { CallError } from "../../bridge";
import type { InterviewSession, Recording, SaveAnswer } from "../../contracts.gen";
import { holdsSome } from "./heard";
import type { Recorder } from "./recorder";

type Asks = Pick<Api, "getRecording" | "getRecordings" | "stopRecording" | "discardRecording">;

export type Way = "type" | "speak";

export interface Heard {
  questionId: string;
  text: string;
  /** What was heard the time before; undefined if this page didn't record the question before. */
  before: string | undefined;
}

export class SpokenAnswers {
  readonly recorder: Recorder;
  readonly way = signal<Way>("type");
  /** The microphone that was chosen; "" is the system's own choice. */
  readonly device = signal("");
  readonly error = signal<CallError | undefined>(undefined);
  readonly #api: Asks;
  readonly #heard: (heard: Heard) => void;
  readonly #recordings = signal<ReadonlyMap<string, Recording>>(new Map());
  readonly #keep = signal<ReadonlyMap<string, boolean>>(new Map());
  readonly #texts = new Map<string, string>();
  /** Questions whose recording was stopped here or found unfinished: its text is to be written. */
  readonly #awaited = new Set<string>();

  constructor(api: Asks, recorder: Recorder, heard: (heard: Heard) => void) {
    this.#api = api;
    this.recorder = recorder;
    this.#heard = heard;
  }

  /** The question's recording, unless an answer was handed in with it. */
  of(questionId: string): Recording | undefined {
    const recording = this.#recordings.value.get(questionId);
    return recording?.answer_id === null ? recording : undefined;
  }

  /** What the person chose; undefined is as the settings have it. */
  kept(questionId: string): boolean | undefined {
    return this.#keep.value.get(questionId);
  }

  /** What an answer to the question says of its recording. */
  readonly handIn = (questionId: string): Pick<SaveAnswer, "recording_id" | "keep_recording"> => {
    const recording = untracked(() => this.of(questionId));
    if (!recording || this.way.peek() === "type") return {};
    const keep = this.#keep.peek().get(questionId);
    return { recording_id: recording.id, ...(keep === undefined ? {} : { keep_recording: keep }) };
  };

  choose(questionId: string, keep: boolean): void {
    this.#keep.value = new Map(this.#keep.peek()).set(questionId, keep);
  }

  /** What there is from before: this page was reloaded, or the app was. */
  async load(session: InterviewSession): Promise<void> {
    await this.#try(async () => {
      const { items } = await this.#api.getRecordings({ session_id: session.id });
      for (const { id } of items.filter(({ answer_id }) => answer_id === null)) {
        this.way.value = "speak";
        const recording = await this.#api.getRecording({ recording_id: id });
        if (isUnwritten(session, recording)) this.#awaited.add(recording.session_question_id);
        this.#put(recording);
      }
    });
  }

  /** The app says that these changed; none named is any of them. */
  async changed(ids: readonly string[]): Promise<void> {
    for (const { id } of [...this.#recordings.peek().values()])
      if (ids.length === 0 || ids.includes(id)) await this.#read(id);
  }

  async start(questionId: string): Promise<void> {
    const before = this.#recordings.peek().get(questionId);
    await this.recorder.start(questionId, this.device.peek());
    const begun = this.recorder.recording.peek();
    if (!begun) return;
    this.#put(begun);
    if (before && before.id !== begun.id) await this.#discard(before);
  }

  /** Ends what is recorded; what was said is written down from there on. */
  async stop(): Promise<void> {
    const questionId = this.recorder.recording.peek()?.session_question_id;
    if (questionId === undefined) return;
    this.#awaited.add(questionId);
    const stopped = await this.recorder.stop();
    if (stopped) this.#put(stopped);
  }

  /** Begins again; what was recorded so far is deleted. */
  async again(questionId: string): Promise<void> {
    await this.recorder.discard();
    this.#forget(questionId);
    await this.start(questionId);
  }

  async discard(questionId: string): Promise<void> {
    const recording = this.#recordings.peek().get(questionId);
    if (recording) await this.#discard(recording);
    this.#forget(questionId);
  }

  /** Ends a recording whose page is gone: what is on the disk is all of it. */
  async finish(recording: Recording): Promise<void> {
    this.#awaited.add(recording.session_question_id);
    await this.#try(async () =>
      this.#put(await this.#api.stopRecording({ recording_id: recording.id, pieces: 0 })),
    );
  }

  /** The interview goes from the screen; what is recorded is kept and written down. */
  close(): void {
    void this.stop();
    this.#awaited.clear();
  }

  #forget(questionId: string): void {
    const rest = new Map(this.#recordings.peek());
    rest.delete(questionId);
    this.#recordings.value = rest;
    this.#awaited.delete(questionId);
  }

  #discard({ id }: Recording): Promise<void> {
    return this.#try(() => this.#api.discardRecording({ recording_id: id }));
  }

  #read(id: string): Promise<void> {
    return this.#try(async () => {
      const recording = await this.#api.getRecording({ recording_id: id });
      const shown = this.#recordings.peek().get(recording.session_question_id);
      if (shown?.id === id) this.#put(recording);
    });
  }

  async #try(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
      this.error.value = undefined;
    } catch (error) {
      this.error.value = error as CallError;
    }
  }

  #put(recording: Recording): void {
    const { session_question_id: questionId, state, transcript } = recording;
    this.#recordings.value = withOne(this.#recordings.peek(), recording);
    if (state !== "recording" && recording.id === this.recorder.recording.peek()?.id)
      void this.stop();
    if (state !== "ready" || !this.#awaited.delete(questionId)) return;
    const text = transcript?.text.trim() ?? "";
    if (text === "") return;
    this.#heard({ questionId, text, before: this.#texts.get(questionId) });
    this.#texts.set(questionId, text);
  }
}

function withOne(recordings: ReadonlyMap<string, Recording>, recording: Recording) {
  return new Map(recordings).set(recording.session_question_id, recording);
}

/** Whether what was said is still to become the question's text: it is to come, or not in there. */
function isUnwritten({ questions }: InterviewSession, recording: Recording): boolean {
  const asked = questions.find(({ id }) => id === recording.session_question_id);
  const text = asked?.draft ?? asked?.answers.at(-1)?.text ?? "";
  return recording.state !== "ready" || !holdsSome(text, recording.transcript?.text ?? "");
}
