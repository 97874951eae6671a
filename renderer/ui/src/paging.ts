/** A list read page by page; what is shown is read again when it changes. */

import { signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { CallError } from "./bridge";
import type { Count, EventTopic } from "./contracts.gen";
import { useApp } from "./context";
import { concerns, onReconnect } from "./live";

export interface PageOf<T> {
  items: readonly T[];
  next: string | null;
  total?: Count | null;
}

export type ReadPage<T> = (after: string | null, limit: number) => Promise<PageOf<T>>;

const PAGE = 50;
const MOST = 200;

export class PagedList<T extends { id: string }> {
  readonly items = signal<readonly T[] | undefined>(undefined);
  readonly total = signal<Count | undefined>(undefined);
  readonly next = signal<string | null>(null);
  readonly busy = signal(false);
  readonly error = signal<CallError | undefined>(undefined);
  #reading: Promise<void> = Promise.resolve();

  constructor(readonly readPage: ReadPage<T>) {}

  /** Read again as many as are shown. */
  reload(): Promise<void> {
    return this.#inTurn(async () => {
      const wanted = Math.max(PAGE, this.items.peek()?.length ?? 0);
      const items: T[] = [];
      let next: string | null = null;
      do {
        const page = await this.readPage(next, Math.min(MOST, wanted - items.length));
        items.push(...page.items);
        next = page.next;
        if (page.total) this.total.value = page.total;
      } while (next !== null && items.length < wanted);
      this.#show(items, next);
    });
  }

  more(): Promise<void> {
    if (this.busy.peek() || this.next.peek() === null) return this.#reading;
    return this.#inTurn(async () => {
      const page = await this.readPage(this.next.peek(), PAGE);
      const before = this.items.peek() ?? [];
      const known = new Set(before.map(({ id }) => id));
      this.#show([...before, ...page.items.filter(({ id }) => !known.has(id))], page.next);
    });
  }

  /** Show a change before the app confirmed it. */
  patch(change: (items: readonly T[]) => readonly T[]): void {
    this.items.value = change(this.items.peek() ?? []);
  }

  #show(items: readonly T[], next: string | null): void {
    this.items.value = items;
    this.next.value = next;
    this.error.value = undefined;
  }

  #inTurn(read: () => Promise<void>): Promise<void> {
    this.#reading = this.#reading.then(async () => {
      this.busy.value = true;
      try {
        await read();
      } catch (error) {
        this.error.value = error as CallError;
      } finally {
        this.busy.value = false;
      }
    });
    return this.#reading;
  }
}

export function usePaged<T extends { id: string }>(
  key: string,
  readPage: ReadPage<T>,
  topic: EventTopic,
): PagedList<T> {
  const { subscribe, link } = useApp();
  const list = useMemo(() => new PagedList(readPage), [key]);
  useEffect(() => {
    const offEvents = subscribe((event) => {
      if (concerns(event, topic)) void list.reload();
    });
    const offLink = onReconnect(link, () => void list.reload());
    void list.reload();
    return () => {
      offEvents();
      offLink();
    };
  }, [list]);
  return list;
}
