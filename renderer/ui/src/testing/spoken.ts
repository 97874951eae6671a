/** Recordings and what was heard in them, for tests that need some. */

import type { Recording, SpokenFacts, Transcript } from "../contracts.gen";

export function aTranscript(change: Partial<Transcript> = {}): Transcript {
  const word = (text: string, start_ms: number, filler = false) => ({
    text,
    start_ms,
    end_ms: start_ms + 300,
    probability: 0.9,
    filler,
  });
  return {
    text: "I would use a key.",
    words: [word("um", 200, true), word("I", 900), word("would", 1_300), word("use", 1_700), word("a", 2_000), word("key.", 2_200)],
    pauses: [{ start_ms: 2_600, end_ms: 3_400 }],
    speech_ms: 2_600,
    model: "tiny.en",
    ...change,
  };
}

export function aRecording(change: Partial<Recording> = {}): Recording {
  return {
    id: "0199c0de-0001-7abc-8def-0123456789ab",
    session_question_id: "asked-0",
    state: "recording",
    created_at: "2026-03-14T09:26:53Z",
    duration_ms: 4_000,
    kept: true,
    transcript: null,
    problem: null,
    answer_id: null,
    ...change,
  };
}

export function someFacts(change: Partial<SpokenFacts> = {}): SpokenFacts {
  const source = "A study of interviews";
  return {
    recording_id: aRecording().id,
    duration_ms: 90_000,
    speech_ms: 72_900,
    speech_share: 0.81,
    words: 213,
    words_per_minute: 142.2,
    fillers: [
      { text: "um,", start_ms: 2_000 },
      { text: "Um", start_ms: 40_000 },
      { text: "you know", start_ms: 60_000 },
    ],
    fillers_per_minute: 2,
    fillers_per_100_words: 1.4,
    pauses: [{ start_ms: 10_000, end_ms: 12_400 }],
    norms: [
      { what: "words_per_minute", source, low: 124, high: 189 },
      { what: "fillers_per_100_words", source, low: null, high: 3.5 },
    ],
    ...change,
  };
}
