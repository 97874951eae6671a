/** A list read page by page. Only what is looked at is read again when something changed. */

import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
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

/** Where a list was left: how far it was scrolled, and how tall its rows are. */
export interface View<M> {
  offset: number;
  heights: readonly M[];
}

interface Chunk<T> {
  after: string | null;
  items: readonly T[];
  stale: boolean;
}

const PAGE = 100;
const MOST = 200;
/** So many more are read again than a page holds: new ones may be among them. */
const SLACK = 20;

export class PagedList<T extends { id: string }> {
  readonly items = signal<readonly T[] | undefined>(undefined);
  readonly total = signal<Count | undefined>(undefined);
  readonly next = signal<string | null>(null);
  readonly busy = signal(false);
  readonly error = signal<CallError | undefined>(undefined);
  view: View<unknown> | undefined;
  #chunks: Chunk<T>[] = [];
  #looked: [first: number, last: number] = [0, 0];
  #reading: Promise<void> = Promise.resolve();

  constructor(readonly readPage: ReadPage<T>) {}

  /** Read what is looked at again, and the rest once it is looked at. */
  reload(): Promise<void> {
    for (const chunk of this.#chunks) chunk.stale = true;
    if (this.#chunks.length === 0) return this.#inTurn(() => this.#append(null));
    return this.#inTurn(() => this.#refresh());
  }

  /** The rows from `first` to `last` are on screen. */
  look(first: number, last: number): Promise<void> {
    this.#looked = [first, last];
    const due = !this.error.peek() && this.#lookedAt().some(({ stale }) => stale);
    return due ? this.#inTurn(() => this.#refresh()) : this.#reading;
  }

  more(): Promise<void> {
    if (this.busy.peek() || this.next.peek() === null) return this.#reading;
    return this.#inTurn(() => this.#append(this.next.peek()));
  }

  /** Go on after an error. */
  retry(): Promise<void> {
    this.error.value = undefined;
    return this.reload();
  }

  /** Show a change before the app confirmed it. */
  update(id: string, change: Partial<T>): void {
    this.#change((items) => items.map((one) => (one.id === id ? { ...one, ...change } : one)));
  }

  remove(id: string): void {
    this.#change((items) => items.filter((one) => one.id !== id));
  }

  prepend(item: T): void {
    const [first] = this.#chunks;
    if (first) first.items = [item, ...first.items];
    this.#show();
  }

  async #append(after: string | null): Promise<void> {
    const page = await this.readPage(after, PAGE);
    const known = new Set(this.items.peek()?.map(({ id }) => id));
    const items = page.items.filter(({ id }) => !known.has(id));
    this.#chunks.push({ after, items, stale: false });
    this.#take(page);
    this.#show();
  }

  async #refresh(): Promise<void> {
    for (const chunk of this.#lookedAt()) {
      if (!chunk.stale || !this.#chunks.includes(chunk)) continue;
      chunk.stale = false;
      const limit = Math.min(MOST, Math.max(PAGE, chunk.items.length + SLACK));
      const page = await this.readPage(chunk.after, limit).catch((error: unknown) => {
        chunk.stale = true;
        throw error;
      });
      this.#merge(chunk, page);
      this.#show();
    }
  }

  /** Put what was read again in place of what was there. */
  #merge(chunk: Chunk<T>, page: PageOf<T>): void {
    const later = this.#chunks.slice(this.#chunks.indexOf(chunk) + 1);
    const elsewhere = new Set(
      this.#chunks.flatMap((one) => (one === chunk ? [] : one.items.map(({ id }) => id))),
    );
    const last = page.items.at(-1)?.id ?? "";
    const at = chunk.items.findIndex(({ id }) => id === last);
    const joins = elsewhere.has(last) || at >= 0;
    if (page.next === null || later.length === 0 || !joins) {
      const kept = this.#chunks.slice(0, this.#chunks.length - later.length);
      const before = new Set(kept.slice(0, -1).flatMap((one) => one.items.map(({ id }) => id)));
      this.#chunks = kept;
      chunk.items = page.items.filter(({ id }) => !before.has(id));
      this.#take(page);
      return;
    }
    const fresh = page.items.filter(({ id }) => !elsewhere.has(id));
    chunk.items = at >= 0 ? [...fresh, ...chunk.items.slice(at + 1)] : fresh;
    if (page.total) this.total.value = page.total;
  }

  #take(page: PageOf<T>): void {
    this.next.value = page.next;
    if (page.total) this.total.value = page.total;
  }

  #lookedAt(): Chunk<T>[] {
    const [first, last] = this.#looked;
    let start = 0;
    return this.#chunks.filter(({ items }) => {
      const end = start + items.length;
      const seen = start <= last && end > first;
      start = end;
      return seen || (this.#chunks.length === 1 && items.length === 0);
    });
  }

  #change(change: (items: readonly T[]) => readonly T[]): void {
    for (const chunk of this.#chunks) chunk.items = change(chunk.items);
    this.#show();
  }

  #show(): void {
    this.items.value = this.#chunks.flatMap(({ items }) => items);
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

/** The list of this name, as it was left, kept fresh while it is shown. */
export function usePaged<T extends { id: string }>(
  name: string,
  readPage: ReadPage<T>,
  topic: EventTopic,
): PagedList<T> {
  const { subscribe, link, shelf } = useApp();
  const list = shelf.keep(name, () => new PagedList(readPage));
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
