"""What is measured of an answer beside the expected one."""

from __future__ import annotations

from dataclasses import astuple, fields

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ai_service.embeddings import Embedder
from ai_service.features import Features, measure
from ai_service.text import sentences

QUESTION = "What is a stack?"
EXPECTED = "A data structure in which the element that was added last is removed first."


def features(embedder: Embedder, answer: str, expected: str = EXPECTED) -> Features:
    found = measure(embedder, QUESTION, expected, answer, sentences(answer))
    assert found
    return found


def test_the_expected_answer_is_most_alike(embedder: Embedder) -> None:
    same = features(embedder, EXPECTED)
    near = features(embedder, "The last element put in is the first to be taken out.")
    far = features(embedder, "I like to travel by train in summer.")
    for name in ("whole", "mean", "made", "told", "alike", "grams"):
        values = [getattr(each, name) for each in (same, near, far)]
        assert values == sorted(values, reverse=True)
    assert same.recall_all == same.pairs == 1
    assert far.enough == 0


def test_the_opposite_is_noticed(embedder: Embedder) -> None:
    assert features(embedder, EXPECTED).opposed == 0
    turned = "A data structure in which the element that was added last is not removed first."
    assert features(embedder, turned).opposed == 1


def test_words_in_no_order_are_noticed(embedder: Embedder) -> None:
    heap = features(embedder, "in the a which removed data was that first last structure is added")
    plain = features(embedder, EXPECTED)
    assert heap.in_order < plain.in_order
    assert heap.disorder > plain.disorder


def test_an_expected_list_is_known(embedder: Embedder) -> None:
    assert features(embedder, "push and pop", "push and pop").expects_list == 1
    assert features(embedder, "push and pop").expects_list == 0


def test_without_either_side_there_is_nothing_to_measure(embedder: Embedder) -> None:
    assert measure(embedder, QUESTION, "", "An answer.", sentences("An answer.")) is None
    assert measure(embedder, QUESTION, EXPECTED, "", ()) is None


@given(st.text(alphabet="ab not,.\n-🎉", min_size=1, max_size=80))
def test_every_value_is_a_number(embedder: Embedder, answer: str) -> None:
    found = measure(embedder, QUESTION, EXPECTED, answer, sentences(answer))
    assert found is None or np.isfinite(astuple(found)).all()
    assert len(fields(Features)) == len(set(fields(Features)))
