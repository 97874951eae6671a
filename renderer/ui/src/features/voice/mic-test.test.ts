/** The microphone check: what it hears, how it judges it, and that it lets go. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refusalOf } from "../../testing/app";
import { FakeMicrophone } from "../../testing/microphone";
import { CHECK_LEVELS, judge, MicTest } from "./mic-test";

let microphone: FakeMicrophone;
let revoked: string[];

beforeEach(() => {
  microphone = new FakeMicrophone();
  revoked = [];
  vi.stubGlobal("URL", {
    createObjectURL: () => "blob:heard",
    revokeObjectURL: (url: string) => revoked.push(url),
  });
});
afterEach(() => vi.unstubAllGlobals());

const listening = (check: MicTest) =>
  new Promise<void>((done) => check.stage.subscribe((now) => now === "listening" && done()));

test("what was said can be heard, and is judged", async () => {
  const check = new MicTest(microphone.open);
  const ran = check.run("usb");
  await listening(check);
  microphone.hear(1);
  microphone.loud(0.4, CHECK_LEVELS);
  await ran;
  expect(check.verdict.value).toBe("good");
  expect(check.url.value).toBe("blob:heard");
  expect(microphone.done).toEqual(["open", "close"]);
  check.close();
  expect(revoked).toEqual(["blob:heard"]);
});

test("left in the middle, it lets the microphone go and keeps nothing", async () => {
  const check = new MicTest(microphone.open);
  const ran = check.run("");
  await listening(check);
  check.close();
  await ran;
  expect(microphone.done).toEqual(["open", "close"]);
  expect(check.url.value).toBeUndefined();
});

test("a refusal is said, and it can be tried again", async () => {
  microphone.refusal = refusalOf("MIC002");
  const check = new MicTest(microphone.open);
  await check.run("");
  expect(check.error.value?.code).toBe("MIC002");
  expect(check.stage.value).toBe("idle");
});

test.each([
  ["silent", [0, 0.001]],
  ["quiet", [0.001, 0.02]],
  ["good", [0.02, 0.5, 1, 0.4]],
  ["loud", [1, 1, 1, 1, 0.5, 1, 1, 1, 1]],
])("%s is what is said of it", (verdict, peaks) => {
  expect(judge(peaks)).toBe(verdict);
});
