/** Older answers are judged again only when the person wants it, and the offer is no nag. */

import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import { refusalOf, show } from "../../testing/app";
import { Renewal } from "./Renewal";

afterEach(cleanup);

const outdated = (answers: number) => ({ answers, evaluator_version: "offline-9" });

test("what is offered is done once it is wanted", async () => {
  let renewed = 0;
  show(<Renewal />, {
    "ai:evaluate:outdated": () => outdated(12),
    "ai:evaluate:renew": () => {
      renewed += 1;
      return outdated(12);
    },
  });
  const button = await screen.findByRole("button", { name: "Judge 12 older answers again" });
  expect(renewed).toBe(0);
  fireEvent.click(button);
  const said = await screen.findByRole("status");
  expect(said.textContent).toContain("12 answers are being judged again");
  expect(renewed).toBe(1);
});

test("an offer that is declined goes away", async () => {
  show(<Renewal />, { "ai:evaluate:outdated": () => outdated(1) });
  fireEvent.click(await screen.findByRole("button", { name: "Not now" }));
  expect(screen.queryByRole("complementary")).toBeNull();
});

test("a refusal is said, and the offer stands", async () => {
  show(<Renewal />, {
    "ai:evaluate:outdated": () => outdated(2),
    "ai:evaluate:renew": () => Promise.reject(refusalOf("DB001")),
  });
  fireEvent.click(await screen.findByRole("button", { name: "Judge 2 older answers again" }));
  expect(await screen.findByText("DB001")).toBeTruthy();
  expect(screen.getByRole("complementary")).toBeTruthy();
});
