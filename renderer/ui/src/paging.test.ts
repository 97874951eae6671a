/** Lists read page by page. */

import { expect, test } from "vitest";
import { PagedList } from "./paging";

function listOf(count: number) {
  const all = Array.from({ length: count }, (_, at) => ({ id: String(at) }));
  const asked: number[] = [];
  const list = new PagedList(async (after, limit) => {
    asked.push(limit);
    const from = after === null ? 0 : Number(after);
    const items = all.slice(from, from + limit);
    return { items, next: from + limit < all.length ? String(from + limit) : null };
  });
  return { list, all, asked };
}

test("pages follow one another to the end", async () => {
  const { list, all } = listOf(120);
  await list.reload();
  expect(list.items.value).toHaveLength(50);
  await list.more();
  await list.more();
  expect(list.items.value).toEqual(all);
  expect(list.next.value).toBeNull();
});

test("reading again shows as many as before", async () => {
  const { list, all } = listOf(260);
  await list.reload();
  for (let page = 0; page < 4; page += 1) await list.more();
  all.unshift({ id: "new" });
  await list.reload();
  expect(list.items.value).toHaveLength(250);
  expect(list.items.value?.[0]).toEqual({ id: "new" });
});

test("an item that moved onto the next page isn't shown twice", async () => {
  const { list, all } = listOf(60);
  await list.reload();
  all.unshift({ id: "new" });
  await list.more();
  const ids = list.items.value?.map(({ id }) => id) ?? [];
  expect(new Set(ids).size).toBe(ids.length);
});

test("pressing for more twice reads one page", async () => {
  const { list, asked } = listOf(200);
  await list.reload();
  const first = list.more();
  await Promise.resolve();
  await Promise.all([first, list.more()]);
  expect(asked).toHaveLength(2);
});
