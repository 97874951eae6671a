"""The trained score, what takes from it, and how sure it is."""

from __future__ import annotations

import random

from ai_service.embeddings import Embedder
from ai_service.features import Features, measure
from ai_service.scorer import LEFT_OF_HEAP, confidence, score
from ai_service.text import sentences
from ai_service.training.attacks import negated, shuffled

QUESTION = "What does an index of a database cost, and what does it give?"
EXPECTED = (
    "Rows are found without scanning the whole table, because the index is sorted. "
    "Every insert and update has to maintain the index, so writes are slower."
)
PARAPHRASE = (
    "The database jumps to the rows instead of reading all of the table. "
    "In return each write gets slower since the index must be updated too."
)
ELSEWHERE = "For a good risotto I toast the rice in butter and add warm stock bit by bit."


def scored(embedder: Embedder, *answers: str) -> list[float]:
    return [float(each) for each in score(measured(embedder, *answers))]


def measured(embedder: Embedder, *answers: str) -> list[Features]:
    found = [measure(embedder, QUESTION, EXPECTED, text, sentences(text)) for text in answers]
    return [each for each in found if each]


def test_better_answers_score_more(embedder: Embedder) -> None:
    best, good, none = scored(embedder, EXPECTED, PARAPHRASE, ELSEWHERE)
    assert best >= good > 0.5
    assert none < 0.1


def test_the_opposite_earns_little(embedder: Embedder) -> None:
    best, opposite = scored(embedder, EXPECTED, negated(EXPECTED))
    assert opposite <= 0.6 * best


def test_a_heap_of_words_earns_next_to_nothing(embedder: Embedder) -> None:
    heap = shuffled(EXPECTED, random.Random(5))  # noqa: S311
    assert scored(embedder, heap)[0] <= 2 * LEFT_OF_HEAP


def test_confidence_differs_and_is_a_share(embedder: Embedder) -> None:
    found = measured(embedder, EXPECTED, PARAPHRASE, "It is like the list at the back of a book.")
    sure = confidence(found, score(found)).tolist()
    assert all(0 <= each <= 1 for each in sure)
    assert sure[0] > sure[2] + 0.1
