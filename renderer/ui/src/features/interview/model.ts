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
import { tooLong } from "./answer-length";
import { Autosave } from "./autosave";
import { Kept } from "./kept";
import { Outbox } from "./outbox";
import { questionAt, withQuestion } from "./session-questions";
import { type SessionChange, SessionWriter } from "./session-writer";
import { QuestionTimer } from "./timer";

export type Phase = "asking" | "paused" | "feedback" | "review" | "finished";

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
  readonly #api: Api;
  readonly #writer: SessionWriter;
  readonly #outbox: Outbox;
  readonly #kept = new Kept();

  constructor(api: Api, session: InterviewSession) {
    this.#api = api;
    this.#writer = new SessionWriter(api, session);
    this.#outbox = new Outbox(api, (answer, error) => this.#refused(answer, error));
    this.autosave = new Autosave((draft) =>
      api.saveDraft({
        session_question_id: draft.questionId,
        text: draft.text,
        elapsed_ms: draft.elapsedMs,
      }),
    );
    this.session = signal(session);
    this.index = signal(Math.min(session.position, session.questions.length - 1));
    this.question = computed(() => questionAt(this.session.value, this.index.value));
    this.#show(this.index.peek());
  }

  /** The interview goes on: on entering it, or after a pause. */
  resume(): void {
    this.phase.value = "asking";
    this.timer.start();
    if (this.session.peek().status !== "active") this.#saveSession({ status: "active" });
  }

  pause(): void {
    this.#leaveQuestion();
    this.phase.value = "paused";
    this.#saveSession({ status: "paused" });
  }

  visible(visible: boolean): void {
    if (!visible) this.autosave.flush();
    if (!visible || this.phase.peek() !== "asking") this.timer.stop();
    else this.timer.start();
  }

  /** The page shows something else: nothing runs on. */
  stop(): void {
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
    else await this.#handIn(text);
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
  }

  /** The connection is there again: send what it took with it. */
  async reconnected(): Promise<void> {
    this.autosave.flush();
    await this.reload();
    if (this.#outbox.size === 0) return;
    await this.#outbox.resend(this.session.peek());
    await this.reload();
  }

  async #handIn(text: string): Promise<void> {
    const asked = this.question.peek();
    const elapsed_ms = this.timer.read();
    this.autosave.drop(asked.id);
    this.error.value = undefined;
    this.#patch(asked.id, { status: "answered", draft: null });
    const sent = this.#outbox.send({ session_question_id: asked.id, text, elapsed_ms });
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

  #draft() {
    return { questionId: this.#id, text: this.text.peek(), elapsedMs: this.timer.read() };
  }

  #show(index: number): void {
    this.index.value = index;
    this.text.value = this.#kept.text(this.question.peek());
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
