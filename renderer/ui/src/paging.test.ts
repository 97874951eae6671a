/** Lists read page by page. */

import { beforeEach, expect, test } from "vitest";
import type { CallError } from "./bridge";
import { PagedList } from "./paging";
import { refusalOf } from "./testing/app";

interface Row {
  id: string;
  title?: string;
}

let all: Row[];
let asked: (string | null)[];
let refusal: CallError | undefined;

/** Rows in the order of their ids; a cursor is the id of the last row before it. */
async function readPage(after: string | null, limit: number) {
  asked.push(after);
  if (refusal) throw refusal;
  const rest = all.filter(({ id }) => after === null || id > after);
  const items = rest.slice(0, limit);
  const next = rest.length > limit ? (items.at(-1)?.id ?? null) : null;
  return { items, next, total: after === null ? { number: all.length, more: false } : null };
}

const named = (number: number): Row => ({ id: String(number).padStart(6, "0") });
const ids = (list: PagedList<Row>) => list.items.value?.map(({ id }) => id);

async function listOf(count: number, pages = 1) {
  all = Array.from({ length: count }, (_, at) => named(at * 10));
  const list = new PagedList<Row>(readPage);
  await list.reload();
  for (let page = 1; page < pages; page += 1) await list.more();
  asked = [];
  return list;
}

beforeEach(() => {
  asked = [];
  refusal = undefined;
});

test("pages follow one another to the end", async () => {
  const list = await listOf(250);
  expect(list.items.value).toHaveLength(100);
  expect(list.total.value).toEqual({ number: 250, more: false });
  await list.more();
  await list.more();
  await list.more();
  expect(list.items.value).toEqual(all);
  expect(list.next.value).toBeNull();
  expect(asked).toHaveLength(2);
});

test("an item that moved onto the next page isn't shown twice", async () => {
  const list = await listOf(120);
  all.splice(100, 0, { id: "000990", title: "moved" });
  await list.more();
  expect(new Set(ids(list)).size).toBe(list.items.value?.length);
});

test("asking for more twice reads one page", async () => {
  const list = await listOf(400);
  const first = list.more();
  await Promise.resolve();
  await Promise.all([first, list.more()]);
  expect(asked).toHaveLength(1);
});

test("after a change only the page that is looked at is read again", async () => {
  const list = await listOf(2_000, 20);
  await list.look(510, 520);
  await list.reload();
  expect(asked).toEqual(["004990"]);
  await list.look(500, 512);
  expect(asked).toHaveLength(1);
  await list.look(0, 12);
  expect(asked).toEqual(["004990", null]);
});

test("what came and what went is seen where one looks, and the rest stays in order", async () => {
  const list = await listOf(500, 5);
  all = all.filter(({ id }) => id !== "002100");
  all.splice(20, 0, { id: "000195" });
  all.push({ id: "009999" });
  await list.look(0, 10);
  await list.reload();
  expect(ids(list)?.slice(18, 22)).toEqual(["000180", "000190", "000195", "000200"]);
  await list.look(205, 215);
  expect(ids(list)).not.toContain("002100");
  await list.look(495, 499);
  expect(list.items.value).toEqual(all);
});

test("a list whose rest went ends where it now ends", async () => {
  const list = await listOf(500, 5);
  all = all.slice(0, 30);
  await list.reload();
  expect(list.items.value).toEqual(all);
  expect(list.next.value).toBeNull();
});

test("where everything is another the list begins anew", async () => {
  const list = await listOf(500, 3);
  all = Array.from({ length: 400 }, (_, at) => ({ id: `new ${String(at).padStart(3, "0")}` }));
  await list.reload();
  expect(ids(list)).toEqual(all.slice(0, 120).map(({ id }) => id));
  while (list.next.value !== null) await list.more();
  expect(list.items.value).toEqual(all);
});

test("a list that was empty shows what came", async () => {
  const list = await listOf(0);
  expect(list.items.value).toEqual([]);
  all = [named(1)];
  await list.reload();
  expect(list.items.value).toEqual(all);
});

test("a change is shown before it is confirmed, and undone by reading again", async () => {
  const list = await listOf(150, 2);
  list.update("000010", { title: "Mine" });
  list.remove("000000");
  list.prepend({ id: "own" });
  expect(list.items.value?.slice(0, 2)).toEqual([{ id: "own" }, { id: "000010", title: "Mine" }]);
  await list.reload();
  expect(list.items.value).toEqual(all);
});

test("after a failure nothing is read until one asks for it", async () => {
  const list = await listOf(300);
  refusal = refusalOf("DB001");
  await list.reload();
  expect(list.error.value?.code).toBe("DB001");
  expect(list.items.value).toHaveLength(100);
  await list.look(0, 10);
  expect(asked).toHaveLength(1);
  refusal = undefined;
  all[0] = { id: "000000", title: "changed" };
  await list.retry();
  expect(list.error.value).toBeUndefined();
  expect(list.items.value?.[0]?.title).toBe("changed");
});
