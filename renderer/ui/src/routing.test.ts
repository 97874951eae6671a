/** Addresses and the screens they stand for. */

import { expect, test } from "vitest";
import { href, parse, type Route } from "./routing";

const ROUTES: Route[] = [
  { screen: "start" },
  { screen: "interview", id: "0198c0de" },
  { screen: "summary", id: "0198c0de" },
  { screen: "summary", id: "0198c0de", question: "0198c0df" },
  { screen: "history" },
  { screen: "questions" },
  { screen: "settings" },
  { screen: "diagnostics" },
];

test.each(ROUTES)("$screen has an address that leads back to it", (route) => {
  expect(parse(href(route))).toEqual(route);
});

test.each(["", "#", "#/nowhere", "#/interview", "#/summary/"])("%s leads to the start", (hash) => {
  expect(parse(hash)).toEqual({ screen: "start" });
});
