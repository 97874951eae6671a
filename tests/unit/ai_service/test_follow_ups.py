"""The next question asks for what is missing, and ends at what the question itself brings along."""

from __future__ import annotations

from ai_service.follow_ups import MOST, propose
from shared_contracts.evaluation import Coverage, KeyPointResult
from tests.factories import make_question

QUESTION = make_question(follow_ups=("When would you leave it out?",))


def point(name: str, coverage: Coverage) -> KeyPointResult:
    return KeyPointResult(key_point=name, coverage=coverage, similarity=0.5)


def test_what_is_missing_comes_first_then_what_was_half_said_then_the_banks() -> None:
    points = [point("Half.", "partly"), point("Said.", "covered"), point("Left out.", "missing")]
    found = propose(QUESTION, points)
    assert [one.key_point for one in found] == ["Left out.", "Half.", None]
    assert all(one.key_point in one.prompt for one in found[:2] if one.key_point)
    assert found[2].prompt == "When would you leave it out?"


def test_a_full_answer_is_asked_what_the_bank_has() -> None:
    found = propose(QUESTION, [point("Said.", "covered")])
    assert [one.prompt for one in found] == ["When would you leave it out?"]


def test_there_are_never_more_than_a_person_takes() -> None:
    points = [point(f"Point {number}.", "missing") for number in range(9)]
    question = make_question(follow_ups=tuple(f"And then, number {n}?" for n in range(4)))
    assert len(propose(question, points)) == MOST


def test_without_points_and_bank_there_is_none() -> None:
    assert propose(make_question(follow_ups=()), ()) == ()
