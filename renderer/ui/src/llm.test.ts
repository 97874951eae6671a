/** Whether answers leave this computer. */

import { expect, test } from "vitest";
import type { AppSettings } from "./contracts.gen";
import { sentTo } from "./llm";

const ON = {
  evaluator: "llm",
  llm_base_url: "https://ai.example.org/v1",
  consented_url: "https://ai.example.org/v1",
} as AppSettings;

test("they go to the server that is chosen and agreed to, and nowhere else", () => {
  expect(sentTo(ON)).toBe("ai.example.org");
  expect(sentTo({ ...ON, evaluator: "offline" })).toBeUndefined();
  expect(sentTo({ ...ON, consented_url: "https://other.example.org/v1" })).toBeUndefined();
  expect(sentTo({ ...ON, llm_base_url: "", consented_url: "" })).toBeUndefined();
  expect(sentTo(undefined)).toBeUndefined();
});
