/** The course of an interview, with an app that answers as told. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { InterviewSession, SaveAnswer } from "../../contracts.gen";
import { type Answers, anApi, refusalOf } from "../../testing/app";
import { anAnswer, anAsked, aSession } from "../../testing/sessions";
import { MAX_ANSWER_CHARACTERS } from "./answer-length";
import { InterviewModel, SAVE_TIME_MS } from "./model";

let stored: InterviewSession;
let handedIn: SaveAnswer[];
let drafts: string[];
let answers: Answers;

beforeEach(() => {
  vi.useFakeTimers();
  stored = aSession();
  handedIn = [];
  drafts = [];
  answers = {
    "db:session:get": () => stored,
    "db:session:save": ({ session_id: _, ...change }) => {
      stored = { ...stored, ...change, revision: change.revision + 1 };
      return stored;
    },
    "db:drafts:save": ({ text, session_question_id }) => {
      drafts.push(text);
      return { session_question_id, saved_at: "" };
    },
    "db:answers:skip": ({ session_question_id }) => {
      change(session_question_id, { status: "skipped" });
      return {};
    },
    "db:answers:save": (answer) => {
      handedIn.push(answer);
      return keep(answer);
    },
  };
});
afterEach(() => vi.useRealTimers());

function change(id: string, part: object): void {
  const questions = stored.questions.map((one) => (one.id === id ? { ...one, ...part } : one));
  stored = { ...stored, questions };
}

function keep(answer: SaveAnswer) {
  const kept = anAnswer(answer);
  change(answer.session_question_id, { status: "answered", answers: [kept], draft: null });
  return kept;
}

function begin(): InterviewModel {
  const model = new InterviewModel(anApi(answers), stored);
  model.resume();
  return model;
}

async function answerWith(model: InterviewModel, text: string): Promise<void> {
  model.type(text);
  await model.next();
}

test("next hands the answer in and shows the following question", async () => {
  const model = begin();
  await answerWith(model, "My answer 😀");
  expect(handedIn.map(({ text }) => text)).toEqual(["My answer 😀"]);
  expect(model.index.value).toBe(1);
  expect(model.text.value).toBe("");
  expect(stored.position).toBe(1);
});

test("an empty answer is not handed in, and skipping is offered", async () => {
  const model = begin();
  await answerWith(model, " \n ");
  expect(handedIn).toEqual([]);
  expect(model.emptyHint.value).toBe(true);
  expect(model.index.value).toBe(0);
});

test("a text that is too long stays, with VAL001, and is not sent as an answer", async () => {
  const model = begin();
  const text = "😀".repeat(MAX_ANSWER_CHARACTERS + 1);
  await answerWith(model, text);
  expect(model.error.value?.code).toBe("VAL001");
  expect(model.text.value).toBe(text);
  expect(handedIn).toEqual([]);
});

test("100,000 emoji are 100,000 characters and are handed in", async () => {
  const model = begin();
  await answerWith(model, "😀".repeat(MAX_ANSWER_CHARACTERS));
  expect(handedIn).toHaveLength(1);
});

test("a refused answer comes back into the editor with the reason", async () => {
  answers["db:answers:save"] = () => Promise.reject(refusalOf("VAL001"));
  const model = begin();
  await answerWith(model, "refused");
  expect(model.index.value).toBe(0);
  expect(model.text.value).toBe("refused");
  expect(model.question.value.status).toBe("open");
  expect(model.error.value?.code).toBe("VAL001");
});

test("an answer whose reply was lost is sent again only if the app doesn't hold it", async () => {
  answers["db:answers:save"] = (answer) => {
    handedIn.push(answer);
    if (handedIn.length === 1) return Promise.reject(refusalOf("IPC003"));
    return keep(answer);
  };
  const model = begin();
  await answerWith(model, "lost on the way");
  expect(model.index.value).toBe(1);
  await model.reconnected();
  expect(handedIn).toHaveLength(2);
  await model.reconnected();
  expect(handedIn).toHaveLength(2);
});

test("an answer that was stored although its reply was lost is not stored twice", async () => {
  answers["db:answers:save"] = (answer) => {
    handedIn.push(answer);
    keep(answer);
    return Promise.reject(refusalOf("IPC001"));
  };
  const model = begin();
  await answerWith(model, "stored");
  await model.reconnected();
  expect(handedIn).toHaveLength(1);
});

test("going back shows what was written, handed in or not", async () => {
  const model = begin();
  await answerWith(model, "first");
  model.type("half of the second");
  model.goTo(0);
  expect(model.text.value).toBe("first");
  model.goTo(1);
  expect(model.text.value).toBe("half of the second");
  expect(drafts).toContain("half of the second");
});

test("an answer left as it was makes no new version", async () => {
  const model = begin();
  await answerWith(model, "first");
  model.goTo(0);
  await model.next();
  expect(handedIn).toHaveLength(1);
  expect(model.index.value).toBe(1);
});

test("a draft and its time are there again after a restart", () => {
  stored = aSession({
    position: 1,
    questions: [anAsked(), anAsked({ position: 1, draft: "every word", elapsed_ms: 61_000 })],
  });
  const model = begin();
  expect(model.text.value).toBe("every word");
  expect(model.timer.read()).toBe(61_000);
});

test("time runs for the question on screen, not while paused or hidden", () => {
  const model = begin();
  vi.advanceTimersByTime(1_000);
  model.pause();
  vi.advanceTimersByTime(1_000);
  model.resume();
  vi.advanceTimersByTime(500);
  model.visible(false);
  vi.advanceTimersByTime(1_000);
  model.visible(true);
  expect(model.timer.read()).toBe(1_500);
  model.stop();
});

test("the last answer finishes the interview when every question has one", async () => {
  const model = begin();
  for (const text of ["a", "b", "c"]) await answerWith(model, text);
  await vi.waitFor(() => expect(model.phase.value).toBe("finished"));
  expect(stored.status).toBe("finished");
});

test("skipped questions are shown again before the end", async () => {
  const model = begin();
  await model.skip();
  await answerWith(model, "b");
  await answerWith(model, "c");
  expect(model.phase.value).toBe("review");
  model.goTo(0);
  expect(model.phase.value).toBe("asking");
  expect(stored.status).toBe("active");
});

test("with feedback at once the interview waits at the question", async () => {
  stored = aSession({ setup: { ...stored.setup, feedback_during: true } });
  const model = begin();
  await answerWith(model, "a");
  expect(model.phase.value).toBe("feedback");
  expect(model.index.value).toBe(0);
  model.goOn();
  expect(model.index.value).toBe(1);
});

test("pausing and leaving keep the text and mark the session", async () => {
  const model = begin();
  model.type("unsaved");
  await model.leave();
  expect(drafts).toEqual(["unsaved"]);
  expect(stored.status).toBe("paused");
});

test("a change from elsewhere is met by reading the revision and writing again", async () => {
  const model = begin();
  const save = answers["db:session:save"];
  stored = { ...stored, revision: 7, title: "Renamed elsewhere" };
  answers["db:session:save"] = (request) => {
    if (request.revision !== stored.revision) return Promise.reject(refusalOf("DB006"));
    return save?.(request) ?? stored;
  };
  expect(await model.finish()).toBe(true);
  expect(stored).toMatchObject({ status: "finished", title: "Renamed elsewhere" });
});

/** The app's side of a draft: a newer one that the page hasn't seen is not overwritten. */
function keepDrafts(): { text: string; saved_at: string; elapsed_ms: number } {
  const held = { text: "", saved_at: "", elapsed_ms: 0 };
  let saves = 0;
  answers["db:drafts:save"] = ({ session_question_id, text, elapsed_ms, seen_at }) => {
    if (held.saved_at && held.text !== text && (seen_at ?? "") < held.saved_at)
      return Promise.reject(refusalOf("DB006", { text: held.text, saved_at: held.saved_at }));
    drafts.push(text);
    Object.assign(held, { text, elapsed_ms, saved_at: `2026-01-01T00:00:${10 + saves++}Z` });
    return { session_question_id, saved_at: held.saved_at };
  };
  return held;
}

const ELSEWHERE = { text: "written elsewhere", saved_at: "2026-01-02T00:00:00Z" };

async function inConflict() {
  const held = keepDrafts();
  const model = begin();
  model.type("mine");
  await vi.advanceTimersByTimeAsync(1_000);
  Object.assign(held, ELSEWHERE);
  model.type("mine, and more");
  await vi.advanceTimersByTimeAsync(1_000);
  return { held, model };
}

test("a newer draft from elsewhere is not overwritten, however long one types on", async () => {
  const { held, model } = await inConflict();
  expect(model.conflict.value?.text).toBe("written elsewhere");
  expect(model.autosave.state.value).toBe("held");
  model.type("mine, and still more");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(held.text).toBe("written elsewhere");
  expect(model.text.value).toBe("mine, and still more");
});

test("the text from elsewhere is taken when the person says so", async () => {
  const { held, model } = await inConflict();
  model.takeThat();
  expect(model.text.value).toBe("written elsewhere");
  expect(model.conflict.value).toBeUndefined();
  model.type("written elsewhere, and here");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(held.text).toBe("written elsewhere, and here");
});

test("the person's own text is saved over it when they say so", async () => {
  const { held, model } = await inConflict();
  model.keepMine();
  await vi.advanceTimersByTimeAsync(0);
  expect(held.text).toBe("mine, and more");
  expect(model.conflict.value).toBeUndefined();
  expect(model.autosave.state.value).toBe("saved");
});

test("nothing is handed in, left or finished over a newer draft before the person chose", async () => {
  const held = keepDrafts();
  const model = begin();
  model.type("mine");
  await vi.advanceTimersByTimeAsync(1_000);
  Object.assign(held, ELSEWHERE);
  await model.next();
  expect(handedIn).toEqual([]);
  expect(model.conflict.value?.text).toBe("written elsewhere");
  expect(await model.settle()).toBe(false);
  model.goTo(2);
  expect(await model.finish()).toBe(false);
  expect(model.index.value).toBe(0);
  model.keepMine();
  await model.next();
  expect(handedIn.map(({ text }) => text)).toEqual(["mine"]);
});

test("a page where nothing was typed shows what was written elsewhere", async () => {
  const held = keepDrafts();
  const model = begin();
  Object.assign(held, ELSEWHERE);
  await vi.advanceTimersByTimeAsync(SAVE_TIME_MS);
  expect(model.text.value).toBe("written elsewhere");
  expect(model.conflict.value).toBeUndefined();
  model.stop();
});

test("the page's own draft whose reply was lost is no conflict", async () => {
  const held = keepDrafts();
  const save = answers["db:drafts:save"];
  let lost = true;
  answers["db:drafts:save"] = async (draft) => {
    const saved = await save?.(draft);
    if (!saved || !lost) return saved ?? Promise.reject(refusalOf("IPC002"));
    lost = false;
    return Promise.reject(refusalOf("IPC003"));
  };
  const model = begin();
  model.type("one");
  await vi.advanceTimersByTimeAsync(1_000);
  model.type("one two");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(held.text).toBe("one two");
  expect(model.conflict.value).toBeUndefined();
});

test("the time on a question is saved every five seconds, typed or not, while its clock runs", async () => {
  const held = keepDrafts();
  const model = begin();
  await vi.advanceTimersByTimeAsync(SAVE_TIME_MS);
  expect(held.elapsed_ms).toBe(SAVE_TIME_MS);
  expect(model.autosave.state.value).toBe("idle");
  await vi.advanceTimersByTimeAsync(1_000);
  model.saveNow();
  await vi.advanceTimersByTimeAsync(0);
  expect(held.elapsed_ms).toBe(SAVE_TIME_MS + 1_000);
  model.visible(false);
  const saves = drafts.length;
  await vi.advanceTimersByTimeAsync(3 * SAVE_TIME_MS);
  expect(drafts).toHaveLength(saves);
  model.stop();
});

test("what was heard becomes the text of its question, and is saved like any other", async () => {
  const model = begin();
  model.heard({ questionId: model.question.value.id, text: "I said this.", before: undefined });
  expect(model.text.value).toBe("I said this.");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(drafts).toEqual(["I said this."]);
});

test("what was heard after its question went from the screen is there on the way back", async () => {
  const model = begin();
  const first = model.question.value.id;
  model.type("Written first.");
  model.goTo(1);
  model.heard({ questionId: first, text: "Then said.", before: undefined });
  expect(model.text.value).toBe("");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(drafts.at(-1)).toBe("Written first.\n\nThen said.");
  model.goTo(0);
  expect(model.text.value).toBe("Written first.\n\nThen said.");
});

test("an answer names the recording that it was spoken into", async () => {
  const spoken = (id: string) => (id === "asked-0" ? { recording_id: "r", keep_recording: false } : {});
  const model = new InterviewModel(anApi(answers), stored, spoken);
  model.resume();
  await answerWith(model, "Spoken.");
  await answerWith(model, "Typed.");
  expect(handedIn[0]).toMatchObject({ recording_id: "r", keep_recording: false });
  expect(handedIn[1]).not.toHaveProperty("recording_id");
});
