/** Which rows of a long list exist, as its screen scrolls. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  type VirtualItem,
  Virtualizer,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { useApp } from "../context";
import type { PagedList } from "../paging";
import { href } from "../routing";

export type Scroller = Virtualizer<HTMLElement, HTMLElement>;

export interface ScrollerOptions<T extends { id: string }> {
  box: RefObject<HTMLDivElement | null>;
  list: PagedList<T>;
  height: number;
  rows: readonly T[];
  waiting: number;
  focused: RefObject<number>;
}

/** So many rows before the end is come to, the next ones are read. */
const AHEAD = 30;
const OVERSCAN = 6;
/** Where there is no layout, as in a hidden window, so much is taken to be on screen. */
const SOME_HEIGHT = 900;

/** What of the list is on screen, as the screen scrolls; it begins where it was left. */
export function useScroller<T extends { id: string }>(options: ScrollerOptions<T>): Scroller {
  const { box, list, height, rows, waiting, focused } = options;
  const { route, scrolls } = useApp();
  const address = href(route.peek());
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const margin = useRef(0);
  const screen = () => box.current?.closest<HTMLElement>(".screen") ?? document.body;
  const settings = {
    count: rows.length + waiting,
    getScrollElement: screen,
    estimateSize: () => height,
    getItemKey: (index: number) => rows[index]?.id ?? `waiting ${index - rows.length}`,
    overscan: OVERSCAN,
    scrollMargin: margin.current,
    initialOffset: list.view?.offset ?? 0,
    initialMeasurementsCache: (list.view?.heights ?? []) as VirtualItem[],
    scrollToFn: elementScroll,
    observeElementRect: withSomeHeight,
    observeElementOffset,
    measureElement: (element: HTMLElement) => element.offsetHeight || height,
    rangeExtractor: (range: Range) => withFocused(range, focused.current ?? -1),
    onChange: () => draw(undefined),
  };
  const scroller = useMemo(() => new Virtualizer<HTMLElement, HTMLElement>(settings), [list]);
  scroller.setOptions(settings);
  useLayoutEffect(() => scroller._didMount(), [scroller]);
  useLayoutEffect(() => {
    const top = box.current ? offsetIn(screen(), box.current) : 0;
    if (top !== margin.current) {
      margin.current = top;
      draw(undefined);
    }
    scroller._willUpdate();
  });
  useAnchor(scroller, rows, screen);
  useLayoutEffect(
    () => () => {
      const offset = scroller.scrollOffset ?? 0;
      list.view = { offset, heights: scroller.takeSnapshot() };
      scrolls.set(address, offset);
    },
    [scroller],
  );
  return scroller;
}

/** What is looked at stays where it is when rows come or go above it. */
function useAnchor<T extends { id: string }>(
  scroller: Scroller,
  rows: readonly T[],
  screen: () => HTMLElement,
): void {
  const before = useRef<{ id: string; start: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const anchor = before.current;
    if (!anchor || (scroller.scrollOffset ?? 0) <= scroller.options.scrollMargin) return;
    const at = rows.findIndex(({ id }) => id === anchor.id);
    const now = at < 0 ? undefined : scroller.getOffsetForIndex(at, "start")?.[0];
    const start = at < 0 ? undefined : scroller.measurementsCache[at]?.start;
    if (now === undefined || start === undefined || start === anchor.start) return;
    screen().scrollTop += start - anchor.start;
  }, [rows]);
  useLayoutEffect(() => {
    const offset = scroller.scrollOffset ?? 0;
    const first = scroller.getVirtualItems().find(({ end, index }) => end > offset && rows[index]);
    const row = first && rows[first.index];
    before.current = row && first ? { id: row.id, start: first.start } : undefined;
  });
}

/** Tells the list what is on screen, and has it read on before its end comes into view. */
export function useFollowing<T extends { id: string }>(
  list: PagedList<T>,
  shown: readonly VirtualItem[],
  loaded: number,
): void {
  const first = shown[0]?.index ?? 0;
  const last = shown.at(-1)?.index ?? 0;
  const busy = list.busy.value;
  const failed = list.error.value !== undefined;
  useEffect(() => void list.look(first, Math.min(last, loaded - 1)), [list, first, last, loaded]);
  useEffect(() => {
    if (!busy && !failed && loaded > 0 && last >= loaded - AHEAD) void list.more();
  }, [list, last, loaded, busy, failed]);
}

function withSomeHeight(scroller: Scroller, tell: (rect: { width: number; height: number }) => void) {
  return observeElementRect(scroller, ({ width, height }) =>
    tell({ width, height: height || SOME_HEIGHT }),
  );
}

/** The rows around those on screen, and the one with the focus, which must not be taken away. */
function withFocused(range: Range, focused: number): number[] {
  const first = Math.max(0, range.startIndex - range.overscan);
  const last = Math.min(range.count - 1, range.endIndex + range.overscan);
  const indexes = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  if (focused < 0 || focused >= range.count || indexes.includes(focused)) return indexes;
  return [...indexes, focused].sort((a, b) => a - b);
}

/** How far below the beginning of its screen, which is positioned, the box begins. */
function offsetIn(screen: HTMLElement, box: HTMLElement): number {
  let top = 0;
  let within: Element | null = box;
  while (within instanceof HTMLElement && within !== screen) {
    top += within.offsetTop;
    within = within.offsetParent;
  }
  return top;
}
