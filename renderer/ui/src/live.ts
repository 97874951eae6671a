/** Data that is read, shown, and read again whenever the app says that it changed. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { useApp } from "./context";
import type { CallError } from "./bridge";
import type { Event, EventTopic } from "./contracts.gen";

export class LiveQuery<T> {
  readonly data = signal<T | undefined>(undefined);
  readonly error = signal<CallError | undefined>(undefined);
  #reading = false;
  #again = false;
  #stopped = false;

  constructor(readonly read: () => Promise<T>) {}

  /** Read anew. A change that is announced during a read is read after it. */
  async reload(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return;
    }
    this.#reading = true;
    do {
      this.#again = false;
      await this.#readOnce();
    } while (this.#again && !this.#stopped);
    this.#reading = false;
  }

  async #readOnce(): Promise<void> {
    try {
      const data = await this.read();
      if (this.#stopped) return;
      this.data.value = data;
      this.error.value = undefined;
    } catch (error) {
      if (!this.#stopped) this.error.value = error as CallError;
    }
  }

  stop(): void {
    this.#stopped = true;
  }
}

/** Whether `event` speaks of `topic` and, if it names ids and one is asked for, of that `id`. */
export function concerns(event: Event, topic: EventTopic, id?: string): boolean {
  if (event.topic !== topic) return false;
  return id === undefined || event.ids.length === 0 || event.ids.includes(id);
}

export interface LiveOptions {
  topic: EventTopic;
  id?: string;
}

/** A query of its own for each `key`, kept fresh by events and by every new connection. */
export function useLive<T>(key: string, read: () => Promise<T>, options: LiveOptions) {
  const { subscribe, link } = useApp();
  const query = useMemo(() => new LiveQuery(read), [key]);
  useEffect(() => {
    const offEvents = subscribe((event) => {
      if (concerns(event, options.topic, options.id)) void query.reload();
    });
    const offLink = onReconnect(link, () => void query.reload());
    void query.reload();
    return () => {
      offEvents();
      offLink();
      query.stop();
    };
  }, [query]);
  return query;
}

/** Runs `action` each time a lost connection is there again. */
export function onReconnect(link: ReadonlySignal<string>, action: () => void): () => void {
  let before = link.peek();
  return link.subscribe((now) => {
    const back = now === "open" && before === "lost";
    before = now;
    if (back) action();
  });
}
