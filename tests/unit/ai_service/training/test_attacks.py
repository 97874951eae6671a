"""Attacks are made of what a question brings along."""

from __future__ import annotations

import random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_service.training.attacks import (
    Asked,
    Kind,
    attacks,
    keywords,
    negated,
    others_of,
    shuffled,
)
from ai_service.training.data import texts

ASKED = Asked("What is a stack?", "The last element added is removed first.", ("Push and pop.",))


def made() -> list[tuple[Kind, str]]:
    return list(attacks(ASKED, texts(), random.Random(1)))  # noqa: S311


def test_each_kind_is_made_and_the_same_each_time() -> None:
    assert {kind for kind, _ in made()} == set(get_args(Kind))
    assert made() == made()


def test_the_question_stands_in_the_wordings() -> None:
    assert any("what is a stack" in text for kind, text in made() if kind == "restated")
    assert not any("{" in text for _, text in made())


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("It is sorted.", "It is not sorted."),
        ("It does not lock. It can wait.", "It does lock. It can not wait."),
        ("Push and pop.", "It is not true that push and pop."),
        ("", ""),
    ],
)
def test_a_negated_text_says_the_opposite_sentence_by_sentence(text: str, turned: str) -> None:
    assert negated(text) == turned


@given(st.text(alphabet="abc de", max_size=60), st.integers())
def test_shuffling_keeps_the_words(text: str, seed: int) -> None:
    assert sorted(shuffled(text, random.Random(seed)).split()) == sorted(text.split())  # noqa: S311


def test_keywords_leave_the_small_words_out() -> None:
    found = keywords("The last element is removed, and the last one is first.", random.Random(2))  # noqa: S311
    assert set(found.split(", ")) == {"last", "element", "removed", "first"}


def test_other_answers_are_those_of_the_questions_that_follow() -> None:
    right = [["a"], ["b"], [], ["d"]]
    assert others_of(0, right, 2) == ("b", "d")
    assert others_of(3, right, 9) == ("a", "b")
