/** The page's one connection to the app: requests with ids, timeouts, reconnecting, and events. */

import { type ReadonlySignal, signal } from "@preact/signals";
import {
  type ChannelName,
  type Channels,
  ErrorCode,
  type Event,
  type IPCError,
  type IPCResponse,
  TIMEOUT_MS,
  type WayTaken,
} from "./contracts.gen";

export type LinkState = "connecting" | "open" | "lost";
export type Call = <C extends ChannelName>(
  channel: C,
  payload: Channels[C]["request"],
) => Promise<Channels[C]["reply"]>;

/** A refusal, with the words and the code that a person is shown. */
export class CallError extends Error {
  readonly code: string;
  readonly remedy: string;
  readonly details: unknown;

  constructor(error: IPCError) {
    super(error.message);
    this.name = "CallError";
    this.code = error.code;
    this.remedy = error.remedy ?? "";
    this.details = error.details;
  }

  /** Whether it is unknown if the command was carried out, because the answer never came. */
  get outcomeUnknown(): boolean {
    return this.code === ErrorCode.CONNECTION_LOST || this.code === ErrorCode.IPC_TIMEOUT;
  }
}

interface Pending {
  frame: string;
  sent: boolean;
  timer: ReturnType<typeof setTimeout>;
  resolve: (data: never) => void;
  reject: (error: CallError) => void;
}

export interface BridgeOptions {
  /** Waits before the first, second, ... new attempt, in ms; the last one repeats. */
  backoffMs?: readonly number[];
  timeoutMs?: (channel: ChannelName) => number;
}

const BACKOFF_MS = [100, 250, 500, 1000, 2000, 4000];

export class Bridge {
  readonly #url: string;
  readonly #backoffMs: readonly number[];
  readonly #timeoutMs: (channel: ChannelName) => number;
  readonly #link = signal<LinkState>("connecting");
  readonly #way = signal<WayTaken | undefined>(undefined);
  readonly #pending = new Map<string, Pending>();
  #bytes: Uint8Array<ArrayBuffer>[] = [];
  readonly #listeners = new Set<(event: Event) => void>();
  #socket: WebSocket | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  /** Tells this page's requests from those of others, in the logs of every process. */
  readonly #name = Math.random().toString(36).slice(2, 10).padEnd(8, "0");
  #lastId = 0;
  #closed = false;

  constructor(url: string, options: BridgeOptions = {}) {
    this.#url = url;
    this.#backoffMs = options.backoffMs ?? BACKOFF_MS;
    this.#timeoutMs = options.timeoutMs ?? ((channel) => TIMEOUT_MS[channel]);
    this.#connect();
  }

  get link(): ReadonlySignal<LinkState> {
    return this.#link;
  }

  /** How the app's main process is asked behind this connection, once that is known. */
  get way(): ReadonlySignal<WayTaken | undefined> {
    return this.#way;
  }

  /** Ask `channel`. What can't be sent yet waits for the connection, as long as the channel's timeout. */
  readonly call: Call = (channel, payload) =>
    new Promise((resolve, reject) => {
      const id = `${this.#name}-${++this.#lastId}`;
      const frame = JSON.stringify({ id, timestamp: Date.now(), channel, payload }, wellFormed);
      const timer = setTimeout(() => this.#expire(id), this.#timeoutMs(channel));
      this.#pending.set(id, { frame, sent: false, timer, resolve, reject });
      this.#sendWaiting();
    });

  /** Send bytes that are not answered. Without a connection they wait for it, however many. */
  readonly sendBytes = (bytes: Uint8Array<ArrayBuffer>): void => {
    this.#bytes.push(bytes);
    this.#sendWaiting();
  };

  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
    for (const id of [...this.#pending.keys()]) this.#reject(id, connectionLost(false));
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (message) => this.#received(String(message.data));
    socket.onclose = () => this.#dropped();
  }

  #opened(): void {
    this.#attempts = 0;
    this.#link.value = "open";
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    for (const bytes of this.#bytes) this.#socket.send(bytes);
    this.#bytes = [];
    for (const pending of this.#pending.values()) {
      if (pending.sent) continue;
      this.#socket.send(pending.frame);
      pending.sent = true;
    }
  }

  #dropped(): void {
    if (this.#closed) return;
    this.#link.value = "lost";
    for (const [id, pending] of [...this.#pending]) {
      if (pending.sent) this.#reject(id, connectionLost(true));
    }
    const last = this.#backoffMs.length - 1;
    const wait = this.#backoffMs[Math.min(this.#attempts++, last)] ?? 1000;
    this.#retry = setTimeout(() => this.#connect(), wait * (0.75 + Math.random() / 2));
  }

  #received(text: string): void {
    const message = JSON.parse(text) as Event | WayTaken | IPCResponse<never>;
    if (message.type === "way") {
      this.#way.value = message;
      return;
    }
    if (message.type === "event") {
      for (const listener of [...this.#listeners]) listener(message);
      return;
    }
    if (!message.success) return this.#reject(message.id, new CallError(message.error));
    this.#take(message.id)?.resolve(message.data);
  }

  #expire(id: string): void {
    const sent = this.#pending.get(id)?.sent ?? false;
    this.#reject(id, sent ? timedOut() : connectionLost(false));
  }

  #reject(id: string, error: CallError): void {
    this.#take(id)?.reject(error);
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    if (pending) clearTimeout(pending.timer);
    this.#pending.delete(id);
    return pending;
  }
}

function connectionLost(sent: boolean): CallError {
  return new CallError({
    code: ErrorCode.CONNECTION_LOST,
    message: sent
      ? "The connection to the app was lost before it confirmed this."
      : "There is no connection to the app.",
    remedy: "It is tried again by itself; what you typed is kept on this screen.",
    details: { sent },
  });
}

function timedOut(): CallError {
  return new CallError({
    code: ErrorCode.IPC_TIMEOUT,
    message: "The app did not answer in time.",
    remedy: "Try again. What you typed is kept.",
    details: null,
  });
}

/** Half an emoji, which is no text and would be refused with all that is around it, becomes "�". */
function wellFormed(_name: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed() : value;
}
