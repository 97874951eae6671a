/** Answers whose hand-in got no reply: looked for, and sent again, when the connection is back. */

import type { Api } from "../../api";
import { CallError } from "../../bridge";
import type { InterviewSession, SaveAnswer } from "../../contracts.gen";

export class Outbox {
  readonly #api: Pick<Api, "saveAnswer" | "getSession">;
  readonly #refused: (answer: SaveAnswer, error: CallError) => void;
  readonly #waiting = new Map<string, SaveAnswer>();

  constructor(
    api: Pick<Api, "saveAnswer" | "getSession">,
    refused: (answer: SaveAnswer, error: CallError) => void,
  ) {
    this.#api = api;
    this.#refused = refused;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** True once the answer is stored; false if it waits for the connection or was refused. */
  async send(answer: SaveAnswer): Promise<boolean> {
    try {
      await this.#api.saveAnswer(answer);
      this.#waiting.delete(answer.session_question_id);
      return true;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.#keepOrRefuse(answer, error);
      return false;
    }
  }

  /** Send again what `session`, read after the connection came back, doesn't hold. */
  async resend(session: InterviewSession): Promise<void> {
    for (const answer of [...this.#waiting.values()]) {
      if (holds(session, answer)) this.#waiting.delete(answer.session_question_id);
      else await this.send(answer);
    }
  }

  #keepOrRefuse(answer: SaveAnswer, error: CallError): void {
    if (error.outcomeUnknown) {
      this.#waiting.set(answer.session_question_id, answer);
      return;
    }
    this.#waiting.delete(answer.session_question_id);
    this.#refused(answer, error);
  }
}

function holds(session: InterviewSession, answer: SaveAnswer): boolean {
  const question = session.questions.find(({ id }) => id === answer.session_question_id);
  return question?.answers.at(-1)?.text === answer.text;
}
