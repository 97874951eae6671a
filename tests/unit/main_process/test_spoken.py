"""How an answer was said, in numbers; and what was heard too badly to have any."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from main_process import spoken
from main_process.repositories.recordings import transcript_of
from shared_contracts.errors import NotTranscribedError, RecordingCutOffError
from shared_contracts.recordings import HeardPart, Pause, Recording
from tests.spoken import heard

TEN = ("I", "um", "wrote", "it", "down", "and", "um", "then", "I", "left")


def recording(part: HeardPart, **fields: object) -> Recording:
    defaults: dict[str, object] = {
        "id": uuid4(),
        "session_question_id": uuid4(),
        "state": "ready",
        "created_at": datetime.now(UTC),
        "duration_ms": 8_000,
        "kept": True,
        "transcript": transcript_of([(0, part)]),
    }
    return Recording(**(defaults | fields))  # type: ignore[arg-type]


def test_pace_and_fillers_are_counted_from_the_first_word_to_the_last() -> None:
    facts = spoken.facts_of(recording(heard(*TEN)))
    assert facts
    assert (facts.words, facts.words_per_minute) == (8, 98.0)
    assert [filler.start_ms for filler in facts.fillers] == [500, 3_000]
    assert (facts.fillers_per_minute, facts.fillers_per_100_words) == (24.5, 25.0)
    assert facts.speech_share == 0.5
    assert {norm.what for norm in facts.norms} == {"words_per_minute", "fillers_per_100_words"}


def test_the_longest_pauses_come_first() -> None:
    pauses = tuple(Pause(start_ms=at * 1_000, end_ms=at * 1_000 + at) for at in range(10))
    facts = spoken.facts_of(recording(heard(*TEN, pauses=pauses)))
    assert facts
    assert [pause.start_ms for pause in facts.pauses] == [9_000, 8_000, 7_000, 6_000, 5_000]


def test_a_few_words_have_no_pace() -> None:
    facts = spoken.facts_of(recording(heard("um")))
    assert facts
    assert (facts.words_per_minute, facts.fillers_per_minute) == (None, None)
    assert facts.fillers_per_100_words is None


def test_what_isnt_there_or_was_understood_badly_has_no_facts() -> None:
    good = recording(heard(*TEN), problem=RecordingCutOffError().to_ipc())
    assert spoken.facts_of(good)
    for fields in (
        {"state": "transcribing"},
        {"transcript": None},
        {"problem": NotTranscribedError().to_ipc()},
    ):
        assert spoken.facts_of(recording(heard(*TEN), **fields)) is None


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (heard(*TEN), None),
        (heard(*TEN, loudness_db=-60.0), "AI009"),
        (heard(*TEN, words=()), "AI008"),
        (heard(*TEN, speech_ms=100), "AI008"),
    ],
)
def test_what_is_wrong_with_what_was_heard(part: HeardPart, code: str | None) -> None:
    problem = spoken.problem_of([part])
    assert (problem and problem.code) == code


def test_words_that_the_model_is_unsure_of_are_unclear() -> None:
    words = tuple(
        type(word)(text=word.text, start_ms=0, end_ms=1, probability=0.2)
        for word in heard(*TEN).words
    )
    problem = spoken.problem_of([heard(*TEN, words=words)])
    assert problem
    assert problem.code == "AI010"
