/** What is kept for the way back. */

import { expect, test } from "vitest";
import { Shelf } from "./shelf";

test("a thing is made once and given again", () => {
  const shelf = new Shelf();
  const made = shelf.keep("a", () => ({ made: 1 }));
  expect(shelf.keep("a", () => ({ made: 2 }))).toBe(made);
});

test("the one not asked for longest makes room", () => {
  const shelf = new Shelf();
  const first = shelf.keep("first", () => ({}));
  const second = shelf.keep("second", () => ({}));
  for (let number = 0; number < 10; number += 1) shelf.keep(`other ${number}`, () => ({}));
  shelf.keep("first", () => ({}));
  shelf.keep("one more", () => ({}));
  expect(shelf.keep("first", () => ({}))).toBe(first);
  expect(shelf.keep("second", () => ({}))).not.toBe(second);
});

test("after a wipe nothing is left", () => {
  const shelf = new Shelf();
  const before = shelf.keep("a", () => ({}));
  shelf.clear();
  expect(shelf.keep("a", () => ({}))).not.toBe(before);
});
