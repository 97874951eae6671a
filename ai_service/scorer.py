"""Scores an answer by its features: a trained score, and what takes from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ai_service.coefficients import Coefficients, Floats, load
from ai_service.features import Features

LEAST_HEAP, SURE_HEAP = 0.5, 0.8
"""Chances of being words in no order from which the score falls, and is next to nothing."""
LEFT_OF_HEAP = 0.03
LEAST_OPPOSED, SURE_OPPOSED = 0.25, 0.55
"""Shares of the expected clauses that are contradicted, between which the score falls."""
LEFT_OF_OPPOSITE = 0.35
"""Not nothing: the sign is a word such as 'not', which honest answers use as well."""
NEAR = 0.2
"""How far a score may lie from a person's grade and still be near it."""


def score(found: Sequence[Features], known: Coefficients | None = None) -> Floats:
    """What the answers are worth, 0 to 1, judged by their words and their meaning."""
    known = known or load()
    base = known.score.of(_table(found, known.score.names))
    return np.asarray(base * order_factor(found, known) * polarity_factor(found))


def confidence(
    found: Sequence[Features], scores: Floats, known: Coefficients | None = None
) -> Floats:
    """The share of such scores that lie within NEAR of a person's grade."""
    known = known or load()
    return known.confidence.of(certainty_signs(found, scores))


def order_factor(found: Sequence[Features], known: Coefficients) -> Floats:
    """What is left of the score of a heap of words; 1 where a list is what is expected."""
    chance = known.heap.of(heap_signs(found))
    chance[[each.expects_list > 0 for each in found]] = 0
    return np.interp(chance, [LEAST_HEAP, SURE_HEAP], [1, LEFT_OF_HEAP])


def polarity_factor(found: Sequence[Features]) -> Floats:
    """What is left of the score of an answer that says the opposite."""
    opposed = [each.opposed for each in found]
    return np.interp(opposed, [LEAST_OPPOSED, SURE_OPPOSED], [1, LEFT_OF_OPPOSITE])


HEAP_NAMES = ("in_order", "disorder", "small_words", "recall_all", "pairs", "length")


def heap_signs(found: Sequence[Features]) -> Floats:
    """What tells a heap of words: the right words, but not beside each other."""
    return _table(found, HEAP_NAMES)


CERTAINTY_NAMES = ("score", "score_squared", "mean", "whole", "enough", "length", "own", "opposed")


def certainty_signs(found: Sequence[Features], scores: Floats) -> Floats:
    """What tells how far a score can be trusted."""
    return np.column_stack([scores, scores**2, _table(found, CERTAINTY_NAMES[2:])])


def _table(found: Sequence[Features], names: Sequence[str]) -> Floats:
    rows = [[float(getattr(each, name)) for name in names] for each in found]
    return np.array(rows, dtype=np.float64).reshape(len(found), len(names))
