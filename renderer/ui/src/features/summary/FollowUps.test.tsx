/** A follow-up is taken once, goes where the person is, and comes back when it is refused. */

import { cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { AddFollowUp } from "../../contracts.gen";
import { refusalOf, show } from "../../testing/app";
import { anAsked, anEvaluation, aQuestion, aSession } from "../../testing/sessions";
import { FollowUps, offers } from "./FollowUps";

afterEach(cleanup);

const ASKED = anAsked({ question: aQuestion({ follow_ups: ["When would you not do it?"] }) });
const EVALUATION = anEvaluation({
  follow_ups: [{ prompt: "Explain the key in your own words.", key_point: "A key." }],
});

test("one that is taken is asked with the point that it is about", async () => {
  const added: AddFollowUp[] = [];
  show(<FollowUps asked={ASKED} evaluation={EVALUATION} />, {
    "db:session:followup": (wanted) => {
      added.push(wanted);
      return aSession({ id: "s" });
    },
  });
  fireEvent.click(screen.getByRole("button", { name: /Explain the key/ }));
  expect(await screen.findByText("Added")).toBeTruthy();
  expect(added).toEqual([
    {
      session_question_id: "asked-0",
      prompt: "Explain the key in your own words.",
      key_point: "A key.",
    },
  ]);
});

test("a refusal is said, and it can be taken again", async () => {
  show(<FollowUps asked={ASKED} />, {
    "db:session:followup": () => Promise.reject(refusalOf("VAL001")),
  });
  fireEvent.click(screen.getByRole("button", { name: /When would you not/ }));
  expect(await screen.findByText("VAL001")).toBeTruthy();
  expect(screen.getByText("Answer this")).toBeTruthy();
});

test("without an evaluation that has some, the question's own are offered", () => {
  const own = [{ prompt: "When would you not do it?", key_point: null }];
  expect(offers(ASKED)).toEqual(own);
  expect(offers(ASKED, anEvaluation())).toEqual(own);
  expect(offers(ASKED, EVALUATION)).toEqual(EVALUATION.follow_ups);
  expect(offers(anAsked())).toEqual([]);
});
