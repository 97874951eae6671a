/** "This is wrong" on screen. */

import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { DisputeEvaluation } from "../../contracts.gen";
import { refusalOf, show } from "../../testing/app";
import { aRecord } from "../../testing/sessions";
import { Dispute } from "./Dispute";

afterEach(cleanup);

test("a comment is kept and can be taken back", async () => {
  const sent: DisputeEvaluation[] = [];
  show(<Dispute record={aRecord()} />, {
    "db:evaluations:dispute": (request) => {
      sent.push(request);
      return aRecord();
    },
  });
  fireEvent.click(screen.getByRole("button", { name: "This is wrong" }));
  const field = screen.getByRole("textbox", { name: "What is wrong about it?" });
  fireEvent.input(field, { target: { value: "I did say it" } });
  fireEvent.click(screen.getByRole("button", { name: "Keep comment" }));
  fireEvent.click(await screen.findByRole("button", { name: "Take it back" }));
  expect(await screen.findByRole("button", { name: "This is wrong" })).toBeTruthy();
  expect(sent.map(({ comment }) => comment)).toEqual(["I did say it", null]);
});

test("a refused change goes back to what it was, with the reason", async () => {
  const dispute = { comment: "Kept before", created_at: "2026-03-14T09:00:00Z" };
  show(<Dispute record={aRecord({ dispute })} />, {
    "db:evaluations:dispute": () => Promise.reject(refusalOf("DB001")),
  });
  fireEvent.click(screen.getByRole("button", { name: "Take it back" }));
  expect((await screen.findByRole("alert")).textContent).toContain("DB001");
  expect(screen.getByText("Kept before")).toBeTruthy();
});
