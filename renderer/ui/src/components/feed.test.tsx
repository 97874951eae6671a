/** A long list of which only what is on screen exists. */

import { cleanup, fireEvent, screen, waitFor } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { PagedList, type ReadPage } from "../paging";
import { refusalOf, show } from "../testing/app";
import { Feed } from "./feed";

interface Row {
  id: string;
  day: string;
}

afterEach(cleanup);

const ALL: Row[] = Array.from({ length: 5_000 }, (_, at) => ({
  id: `row ${at}`,
  day: `Day ${Math.floor(at / 3)}`,
}));

const readPage: ReadPage<Row> = async (after, limit) => {
  const from = Number(after ?? 0);
  const items = ALL.slice(from, from + limit);
  const next = from + limit < ALL.length ? String(from + limit) : null;
  return { items, next, total: { number: ALL.length, more: false } };
};

async function feedOf(read: ReadPage<Row> = readPage) {
  const list = new PagedList<Row>(read);
  const view = show(
    <main class="screen">
      <button type="button">Before</button>
      <Feed
        list={list}
        label="Rows"
        height={50}
        name={({ id }) => id}
        group={({ day }) => day}
        row={({ id }) => <p class="row-card">{id}</p>}
      />
      <button type="button">After</button>
    </main>,
  );
  await list.reload();
  return { list, view };
}

/** Scrolls the screen, which has no layout here, as if it were as tall as its rows. */
function scroll(container: Element, offset: number): void {
  const box = container.querySelector<HTMLElement>(".screen");
  if (!box) throw new Error("no screen");
  Object.defineProperty(box, "scrollHeight", { value: 100_000, configurable: true });
  Object.defineProperty(box, "clientHeight", { value: 600, configurable: true });
  box.scrollTop = offset;
  fireEvent.scroll(box);
}

test("few rows exist, and each says which it is of how many", async () => {
  const { list } = await feedOf();
  const rows = await screen.findAllByRole("article");
  expect(rows.length).toBeLessThan(40);
  expect(rows[2]?.getAttribute("aria-posinset")).toBe("3");
  expect(rows[2]?.getAttribute("aria-setsize")).toBe("5000");
  expect(rows[2]?.getAttribute("aria-label")).toBe("row 2");
  expect(screen.getByRole("feed", { name: "Rows" }).style.height).not.toBe("");
  expect(list.items.value?.length).toBe(100);
});

test("while the first page is read, skeletons stand in its place", () => {
  const list = new PagedList<Row>(() => new Promise(() => {}));
  const view = show(
    <Feed list={list} label="Rows" height={50} name={() => ""} row={() => <p class="row-card" />} />,
  );
  expect(screen.queryAllByRole("article")).toHaveLength(0);
  expect(view.container.querySelectorAll(".skeleton")).toHaveLength(8);
});

test("each group has its heading once", async () => {
  await feedOf();
  await screen.findAllByRole("article");
  const headings = screen.getAllByRole("heading").map(({ textContent }) => textContent);
  expect(headings.slice(0, 3)).toEqual(["Day 0", "Day 1", "Day 2"]);
  expect(new Set(headings).size).toBe(headings.length);
});

test("scrolled near the end of what was read, it reads on", async () => {
  const { list, view } = await feedOf();
  await screen.findAllByRole("article");
  scroll(view.container, 80 * 50);
  await waitFor(() => expect(list.items.value?.length).toBe(200));
  expect(await screen.findByRole("article", { name: "row 82" })).toBeTruthy();
  expect(screen.queryByRole("article", { name: "row 2" })).toBeNull();
});

test("Page Down and Page Up go from row to row, Control with Home or End leaves them", async () => {
  await feedOf();
  const row = async (name: string) => screen.findByRole("article", { name });
  (await row("row 0")).focus();
  fireEvent.keyDown(await row("row 0"), { key: "PageDown" });
  await waitFor(async () => expect(document.activeElement).toBe(await row("row 1")));
  fireEvent.keyDown(await row("row 1"), { key: "PageUp" });
  await waitFor(async () => expect(document.activeElement).toBe(await row("row 0")));
  fireEvent.keyDown(await row("row 0"), { key: "End", ctrlKey: true });
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "After" }));
  (await row("row 0")).focus();
  fireEvent.keyDown(await row("row 0"), { key: "Home", ctrlKey: true });
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Before" }));
});

test("a row with the focus stays, however far one scrolls", async () => {
  const { view } = await feedOf();
  const row = await screen.findByRole("article", { name: "row 1" });
  row.focus();
  scroll(view.container, 70 * 50);
  expect(await screen.findByRole("article", { name: "row 72" })).toBeTruthy();
  expect(document.activeElement).toBe(row);
});

test("a failure is said at the end of the list, and one can try again", async () => {
  let refused = true;
  const { list } = await feedOf(async (after, limit) => {
    if (refused) throw refusalOf("DB001");
    return readPage(after, limit);
  });
  expect(await screen.findByText("DB001")).toBeTruthy();
  refused = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("article", { name: "row 0" })).toBeTruthy();
  expect(list.error.value).toBeUndefined();
});
