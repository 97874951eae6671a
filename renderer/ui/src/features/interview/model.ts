/** An interview as it goes on: where it is, what is in the editor, and what the app knows of it. */

import { type ReadonlySignal, computed, signal } from "@preact/signals";
import type { Api } from "../../api";
import type { CallError } from "../../bridge";
import {
  ErrorCode,
  type InterviewSession,
  type SaveAnswer,
  type SessionQuestion,
} from "../../contracts.gen";
import { withHeard } from "../voice/heard";
import type { Heard } from "../voice/spoken-answers";
import { tooLong } from "./answer-length";
import { Autosave } from "./autosave";
import { type Draft, Drafts } from "./drafts";
import { Kept } from "./kept";
import { Outbox } from "./outbox";
import { questionAt, withQuestion } from "./session-questions";
import { type SessionChange, SessionWriter } from "./session-writer";
import { QuestionTimer } from "./timer";

/** How often the time on a question is saved while nothing is typed. */
export const SAVE_TIME_MS = 5_000;

export type Phase = "asking" | "paused" | "feedback" | "review" | "finished";

/** What an answer to the question says of the recording it was spoken into. */
export type Spoken = (questionId: string) => Pick<SaveAnswer, "recording_id" | "keep_recording">;

export class InterviewModel {
  readonly session;
  readonly index;
  readonly text = signal("");
  readonly phase = signal<Phase>("asking");
  readonly error = signal<CallError | undefined>(undefined);
  readonly emptyHint = signal(false);
  readonly timer = new QuestionTimer();
  readonly autosave: Autosave;
  readonly question: ReadonlySignal<SessionQuestion>;
  /** The newer text of the question on screen that was written elsewhere. */
  readonly conflict;
  readonly #api: Api;
  readonly #spoken: Spoken;
  readonly #writer: SessionWriter;
  readonly #outbox: Outbox;
  readonly #kept = new Kept();
  readonly #drafts: Drafts;
  #saveTime: ReturnType<typeof setInterval> | undefined;
  #handingIn = false;

  constructor(api: Api, session: InterviewSession, spoken: Spoken = () => ({})) {
    this.#api = api;
    this.#spoken = spoken;
    this.#writer = new SessionWriter(api, session);
    this.#outbox = new Outbox(api, (answer, error) => this.#refused(answer, error));
    this.#drafts = new Drafts(api);
    this.autosave = new Autosave((draft) => this.#saveDraft(draft));
    this.session = signal(session);
    this.index = signal(Math.min(session.position, session.questions.length - 1));
    this.question = computed(() => questionAt(this.session.value, this.index.value));
    this.conflict = computed(() => this.#drafts.conflicts.value.get(this.question.value.id));
    this.#show(this.index.peek());
  }

  /** The interview goes on: on entering it, or after a pause. */
  resume(): void {
    this.phase.value = "asking";
    this.timer.start();
    this.#saveTime ??= setInterval(() => this.saveTime(), SAVE_TIME_MS);
    if (this.session.peek().status !== "active") this.#saveSession({ status: "active" });
  }

  pause(): void {
    this.#leaveQuestion();
    this.phase.value = "paused";
    this.#saveSession({ status: "paused" });
  }

  visible(visible: boolean): void {
    if (!visible) this.saveNow();
    if (!visible || this.phase.peek() !== "asking") this.timer.stop();
    else this.timer.start();
  }

  /** The page may be about to go. */
  saveNow(): void {
    this.autosave.flush();
    this.saveTime();
  }

  /** Keeps the time on the question while its clock runs, typed or not. */
  saveTime(): void {
    if (this.timer.running && this.question.peek().status === "open")
      this.autosave.touch(this.#draft());
  }

  /** The text that was written elsewhere replaces the one on screen. */
  takeThat(): void {
    const newer = this.conflict.peek();
    if (newer) this.#take(this.#id, newer.text, newer.saved_at);
  }

  /** The text on screen is saved over the one that was written elsewhere. */
  keepMine(): void {
    const newer = this.conflict.peek();
    if (!newer) return;
    this.#drafts.seen(this.#id, newer.text, newer.saved_at);
    this.autosave.release(this.#id);
    this.autosave.change(this.#draft());
    this.autosave.flush();
  }

  /** Saves what is unsaved; false, with the question on screen, if a person has to choose first. */
  async settle(): Promise<boolean> {
    this.autosave.flush();
    await this.autosave.settled();
    const undecided = this.#undecided;
    if (undecided) this.goTo(undecided.position);
    return !undecided;
  }

  /** Whether leaving the page now would lose a text that only it holds. */
  get undecided(): boolean {
    return this.#undecided !== undefined || this.autosave.failing;
  }

  /** The page shows something else: nothing runs on. */
  stop(): void {
    clearInterval(this.#saveTime);
    this.#saveTime = undefined;
    this.saveTime();
    this.timer.stop();
    this.autosave.stop();
  }

  /** The person goes to another screen; everything is kept. */
  async leave(): Promise<void> {
    this.#leaveQuestion();
    if (this.phase.peek() === "finished" || this.session.peek().status === "paused") return;
    await this.#writer.save({ status: "paused" });
  }

  type(text: string): void {
    this.text.value = text;
    this.emptyHint.value = false;
    if (this.error.peek()?.code === ErrorCode.VALIDATION_FAILED) this.error.value = undefined;
    this.#kept.setText(this.#id, text);
    this.autosave.change(this.#draft());
  }

  /** What was said becomes the text of its question, whichever is on screen by now. */
  heard({ questionId, text, before }: Heard): void {
    const asked = this.session.peek().questions.find(({ id }) => id === questionId);
    if (!asked) return;
    const shown = questionId === this.#id;
    const written = withHeard(shown ? this.text.peek() : this.#kept.text(asked), before, text);
    if (shown) return this.type(written);
    this.#kept.setText(questionId, written);
    this.autosave.change({ questionId, text: written, elapsedMs: this.#kept.elapsedMs(asked) });
  }

  /** Hand in what is written and go on; an empty answer is not handed in. */
  async next(): Promise<void> {
    const text = this.text.peek();
    if (text.trim() === "") {
      this.emptyHint.value = true;
      return;
    }
    this.error.value = tooLong(text);
    if (this.error.peek()) return;
    const unchanged = text === this.question.peek().answers.at(-1)?.text;
    if (unchanged) this.goOn();
    else if (await this.#mayHandIn()) await this.#handIn(this.text.peek());
  }

  async skip(): Promise<void> {
    this.autosave.flush();
    const asked = this.question.peek();
    const elapsed_ms = this.timer.read();
    this.#patch(asked.id, { status: asked.answers.length > 0 ? "answered" : "skipped" });
    this.goOn();
    if (asked.answers.length > 0) return;
    await this.#api
      .skipQuestion({ session_question_id: asked.id, elapsed_ms })
      .catch((error: CallError) => this.#rollBack(asked, error));
  }

  goTo(index: number): void {
    this.#leaveQuestion();
    this.phase.value = "asking";
    this.#show(index);
    this.timer.start();
    this.#saveSession({ position: index });
  }

  async finish(): Promise<boolean> {
    this.#leaveQuestion();
    if (!(await this.settle())) return false;
    try {
      const finished = await this.#writer.save({ status: "finished" });
      this.phase.value = "finished";
      this.session.value = finished;
      return true;
    } catch (error) {
      this.error.value = error as CallError;
      return false;
    }
  }

  /** What the app says now; the editor's text is the person's and stays. */
  async reload(): Promise<void> {
    const session = await this.#api.getSession({ session_id: this.session.peek().id });
    this.#writer.seen(session);
    this.session.value = session;
    if (!this.#kept.typed(this.#id)) this.#read();
  }

  /** The connection is there again: send what it took with it. */
  async reconnected(): Promise<void> {
    this.autosave.flush();
    await this.reload();
    if (this.#outbox.size === 0) return;
    await this.#outbox.resend(this.session.peek());
    await this.reload();
  }

  /** What is on screen is saved as a draft first: only that finds a newer text from elsewhere. */
  async #mayHandIn(): Promise<boolean> {
    if (this.#handingIn) return false;
    this.#handingIn = true;
    const id = this.#id;
    this.autosave.change(this.#draft());
    this.autosave.flush();
    await this.autosave.settled();
    this.#handingIn = false;
    return id === this.#id && this.phase.peek() === "asking" && !this.conflict.peek();
  }

  async #saveDraft(draft: Draft): Promise<void> {
    const id = draft.questionId;
    try {
      await this.#drafts.save(draft);
    } catch (error) {
      const newer = this.#drafts.conflicts.peek().get(id);
      if (!newer || this.#kept.typed(id)) throw error;
      this.#take(id, newer.text, newer.saved_at);
    }
  }

  #take(id: string, text: string, savedAt: string): void {
    this.#kept.forgetText(id);
    this.#patch(id, { draft: text, draft_saved_at: savedAt });
    this.#drafts.seen(id, text, savedAt);
    this.autosave.release(id);
    if (id === this.#id) this.text.value = text;
  }

  get #undecided(): SessionQuestion | undefined {
    const conflicts = this.#drafts.conflicts.peek();
    return this.session.peek().questions.find(({ id }) => conflicts.has(id));
  }

  /** What the app holds of the question is on screen: a draft newer than it was written elsewhere. */
  #read(): void {
    const asked = this.question.peek();
    this.text.value = this.#kept.text(asked);
    this.#drafts.seen(asked.id, asked.draft, asked.draft_saved_at);
  }

  async #handIn(text: string): Promise<void> {
    const asked = this.question.peek();
    const elapsed_ms = this.timer.read();
    const seen_at = this.#drafts.seenAt(asked.id);
    this.autosave.drop(asked.id);
    this.#drafts.seen(asked.id, text, null);
    this.error.value = undefined;
    this.#patch(asked.id, { status: "answered", draft: null, draft_saved_at: null });
    const answer = { session_question_id: asked.id, text, elapsed_ms, seen_at };
    const sent = this.#outbox.send({ ...answer, ...this.#spoken(asked.id) });
    if (this.session.peek().setup.feedback_during) this.#showFeedback();
    else if (this.#isLast && !(await sent)) return;
    else this.goOn();
    if (await sent) await this.reload().catch((error: CallError) => this.#say(error));
  }

  #showFeedback(): void {
    this.timer.stop();
    this.phase.value = "feedback";
  }

  /** To the next question or, after the last one, to the end. */
  goOn(): void {
    this.emptyHint.value = false;
    if (!this.#isLast) return this.goTo(this.index.peek() + 1);
    this.#leaveQuestion();
    const open = this.session.peek().questions.some(({ status }) => status !== "answered");
    if (open) this.phase.value = "review";
    else void this.finish();
  }

  get #isLast(): boolean {
    return this.index.peek() === this.session.peek().questions.length - 1;
  }

  get #id(): string {
    return this.question.peek().id;
  }

  #draft(): Draft {
    return { questionId: this.#id, text: this.text.peek(), elapsedMs: this.timer.read() };
  }

  #show(index: number): void {
    this.index.value = index;
    if (this.#kept.typed(this.#id)) this.text.value = this.#kept.text(this.question.peek());
    else this.#read();
    this.timer.set(this.#kept.elapsedMs(this.question.peek()));
    this.emptyHint.value = false;
    this.error.value = undefined;
    this.autosave.reset();
  }

  /** Keeps text and time of the question that goes from the screen. */
  #leaveQuestion(): void {
    this.timer.stop();
    const { id, answers, status } = this.question.peek();
    this.#kept.setElapsedMs(id, this.timer.read());
    const handedIn = status === "answered" && this.text.peek() === answers.at(-1)?.text;
    if (status === "open" && !handedIn) this.autosave.change(this.#draft());
    this.autosave.flush();
  }

  #patch(id: string, change: Partial<SessionQuestion>): void {
    this.session.value = withQuestion(this.session.peek(), id, change);
  }

  #refused(answer: SaveAnswer, error: CallError): void {
    const asked = this.session.peek().questions.find(({ id }) => id === answer.session_question_id);
    if (!asked) return;
    this.#kept.setText(asked.id, answer.text);
    const before = asked.answers.length > 0 ? "answered" : "open";
    this.#rollBack({ ...asked, status: before }, error);
    this.autosave.change({
      questionId: asked.id,
      text: answer.text,
      elapsedMs: answer.elapsed_ms,
    });
  }

  #rollBack(asked: SessionQuestion, error: CallError): void {
    this.#patch(asked.id, { status: asked.status });
    if (this.#id !== asked.id || this.phase.peek() !== "asking") this.goTo(asked.position);
    this.error.value = error;
  }

  #saveSession(change: SessionChange): void {
    const before = this.session.peek();
    this.session.value = { ...before, ...change };
    this.#writer.save(change).catch((error: CallError) => this.#say(error));
  }

  /** A lost connection has a banner of its own and is made good when it is back. */
  #say(error: CallError): void {
    if (!error.outcomeUnknown) this.error.value = error;
  }
}
