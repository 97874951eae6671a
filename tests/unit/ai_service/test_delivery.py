"""Counts of how an answer was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_service.delivery import facts, score, scores, specificity

MINUTE = 60_000


def test_a_typed_answer_has_length_only() -> None:
    heard = facts("One two three. Four, um, five.", None)
    assert (heard.words, heard.sentences) == (6, 2)
    assert heard.words_per_minute is None
    assert heard.fillers is None
    assert score(heard) is None


def test_a_spoken_answer_has_pace_and_fillers() -> None:
    heard = facts("Um, so I, uh, fixed it. You know, umm, quickly.", MINUTE)
    assert heard.words_per_minute == heard.words
    assert heard.fillers == 4


def test_a_blink_has_no_pace() -> None:
    assert facts("Hello there.", 200).words_per_minute is None
    assert facts("Hello there.", 0).words_per_minute is None


@pytest.mark.parametrize(
    ("words_a_minute", "expected"), [(150, 1.0), (62, 0.75), (251, 0.75), (0, None)]
)
def test_pace_scores_within_what_is_usual(words_a_minute: int, expected: float | None) -> None:
    assert score(facts("word " * words_a_minute, MINUTE)) == expected


def test_fillers_beyond_the_usual_cost() -> None:
    clean, full = (facts(text * 30, MINUTE) for text in ("so we fix that ", "um so uh that "))
    assert (score(clean) or 0) > (score(full) or 0)


def test_numbers_and_persons_are_counted() -> None:
    found = specificity(
        "I cut costs by 30 % and saved $2,500. We did it in two weeks, and I'm proud of our team.",
        outcome_stated=True,
    )
    assert found.numbers == ("30 %", "$2,500", "two")
    assert found.first_person_singular == 2
    assert found.first_person_plural == 2
    assert found.outcome_stated


def test_names_are_capitals_within_a_sentence() -> None:
    found = specificity(
        "In March I met Ann Lee of Acme. We chose Kafka, I think. It was NOT easy, and I won.",
        outcome_stated=False,
    )
    assert found.names == ("March", "Ann Lee", "Acme", "Kafka", "NOT")
    assert specificity("I did it. So I won. We did.", outcome_stated=False).names == ()


@given(st.text(max_size=300), st.none() | st.integers(0, 10 * MINUTE))
def test_any_text_gives_valid_facts(answer: str, duration_ms: int | None) -> None:
    delivery = scores(0.5, 0.5, facts(answer, duration_ms)).delivery
    assert delivery is None or 0 <= delivery <= 1


def test_scores_stay_between_nothing_and_all() -> None:
    found = scores(1.2, -0.1, facts("x", None))
    assert (found.content, found.structure) == (1, 0)
