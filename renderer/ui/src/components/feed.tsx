/** A long list of which only what is on screen exists, read on as one scrolls.
 * Source: https://www.w3.org/WAI/ARIA/apg/patterns/feed/
 */

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { PagedList } from "../paging";
import { Button } from "./button";
import { ErrorNote } from "./error-note";
import { type Scroller, useFollowing, useScroller } from "./scroller";

export interface FeedProps<T extends { id: string }> {
  list: PagedList<T>;
  label: string;
  /** How tall a row mostly is, in pixels. */
  height: number;
  name: (item: T) => string;
  row: (item: T) => ComponentChildren;
  /** What stands above the first row of a group; rows of one name are one group. */
  group?: (item: T) => string;
}

/** How many rows stand for those that are being read, at first and at the end. */
const FIRST = 8;
const WAITING = 4;

export function Feed<T extends { id: string }>(props: FeedProps<T>) {
  const { list, label, height, row, group } = props;
  const box = useRef<HTMLDivElement>(null);
  const items = list.items.value;
  const error = list.error.value;
  const more = list.next.value !== null;
  const waiting = error ? 0 : items === undefined ? FIRST : more ? WAITING : 0;
  const rows = items ?? [];
  const focused = useRef(-1);
  const scroller = useScroller({ box, list, height, rows, waiting, focused });
  const shown = scroller.getVirtualItems();
  useFollowing(list, shown, rows.length);
  const size = list.total.value && !list.total.value.more ? list.total.value.number : -1;
  const setSize = more ? size : rows.length;
  const nameOf = (index: number) => (group && rows[index] ? group(rows[index]) : "");
  return (
    <>
      <div
        ref={box}
        class="feed"
        role="feed"
        aria-label={label}
        aria-busy={list.busy.value}
        style={{ height: `${scroller.getTotalSize()}px` }}
        onFocusIn={(event) => (focused.current = indexOf(event.target))}
        onFocusOut={() => (focused.current = -1)}
        onKeyDown={(event) => onKey(event, scroller, rows.length)}
      >
        {shown.map(({ key, index, start }) => {
          const item = rows[index];
          const begins = index === 0 || nameOf(index) !== nameOf(index - 1);
          const ends = item !== undefined && nameOf(index) !== nameOf(index + 1);
          const edge = `${begins ? " begins" : ""}${ends || index === rows.length + waiting - 1 ? " ends" : ""}`;
          const place = { transform: `translateY(${start - scroller.options.scrollMargin}px)` };
          if (!item) return <Skeleton key={key} index={index} place={place} edge={edge} />;
          return (
            <article
              key={key}
              ref={scroller.measureElement}
              data-index={index}
              class={`feed-row${edge}`}
              style={place}
              tabIndex={0}
              aria-posinset={index + 1}
              aria-setsize={setSize}
              aria-label={props.name(item)}
            >
              {group && begins && <h2 class="day-name">{nameOf(index)}</h2>}
              {row(item)}
            </article>
          );
        })}
      </div>
      <ErrorNote error={error}>
        <Button onClick={() => void list.retry()}>Try again</Button>
      </ErrorNote>
    </>
  );
}

interface SkeletonProps {
  index: number;
  place: { transform: string };
  edge: string;
}

function Skeleton({ index, place, edge }: SkeletonProps) {
  return (
    <div class={`feed-row skeleton${edge}`} data-index={index} style={place} aria-hidden="true">
      <div class="row-card">
        <span class="bone round" />
        <span class="row-text">
          <span class="bone" style={{ width: `${[62, 48, 71, 55][index % 4]}%` }} />
          <span class="bone thin" style={{ width: `${[28, 34, 24, 31][index % 4]}%` }} />
        </span>
      </div>
    </div>
  );
}

/** Page Up and Page Down go from row to row, Control with Home or End leaves the feed. */
function onKey(event: KeyboardEvent, scroller: Scroller, count: number): void {
  const feed = event.currentTarget as HTMLElement;
  const at = indexOf(event.target);
  if (event.ctrlKey && (event.key === "Home" || event.key === "End")) {
    leave(feed, event.key === "End");
  } else if (event.key === "PageDown" || event.key === "PageUp") {
    const to = Math.min(count - 1, Math.max(0, at + (event.key === "PageDown" ? 1 : -1)));
    const row = () => feed.querySelector<HTMLElement>(`article[data-index="${to}"]`);
    scroller.scrollToIndex(to, { align: "auto" });
    row()?.focus({ preventScroll: true });
    if (!row()) requestAnimationFrame(() => row()?.focus({ preventScroll: true }));
  } else {
    return;
  }
  event.preventDefault();
}

function leave(feed: HTMLElement, forward: boolean): void {
  const all = [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, [tabindex]")];
  const outside = all.filter((one) => !feed.contains(one) && one.tabIndex >= 0);
  const follows = (one: HTMLElement) =>
    Boolean(feed.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  (forward ? outside.find(follows) : outside.findLast((one) => !follows(one)))?.focus();
}

function indexOf(target: EventTarget | null): number {
  const row = target instanceof Element ? target.closest("[data-index]") : null;
  return row ? Number(row.getAttribute("data-index")) : -1;
}
