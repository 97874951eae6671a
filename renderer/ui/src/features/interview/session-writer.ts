/** Changes of the session's own row, one after the other, each with the revision it has by then. */

import type { Api } from "../../api";
import { CallError } from "../../bridge";
import { ErrorCode, type InterviewSession, type SaveSession } from "../../contracts.gen";

export type SessionChange = Omit<SaveSession, "session_id" | "revision">;

export class SessionWriter {
  readonly #api: Pick<Api, "getSession" | "saveSession">;
  readonly #id: string;
  #revision: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(api: Pick<Api, "getSession" | "saveSession">, session: InterviewSession) {
    this.#api = api;
    this.#id = session.id;
    this.#revision = session.revision;
  }

  seen(session: InterviewSession): void {
    this.#revision = Math.max(this.#revision, session.revision);
  }

  save(change: SessionChange): Promise<InterviewSession> {
    const saved = this.#last.then(() => this.#write(change));
    this.#last = saved.catch(() => undefined);
    return saved;
  }

  /** A conflict is met once by reading the revision: where we are is for this page alone to say. */
  async #write(change: SessionChange): Promise<InterviewSession> {
    try {
      return await this.#send(change);
    } catch (error) {
      if (!(error instanceof CallError) || error.code !== ErrorCode.CONFLICT) throw error;
      this.seen(await this.#api.getSession({ session_id: this.#id }));
      return await this.#send(change);
    }
  }

  async #send(change: SessionChange): Promise<InterviewSession> {
    const fields = { session_id: this.#id, revision: this.#revision, ...change };
    const session = await this.#api.saveSession(fields);
    this.seen(session);
    return session;
  }
}
