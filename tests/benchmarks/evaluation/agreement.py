"""How well scores go with people's grades: correlations, errors, and how sure those are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RESAMPLES = 1_000
BINS = 5


def pearson(one: Floats, other: Floats) -> float:
    """The correlation; 0 where one of the two is constant."""
    if one.size < 2 or not one.std() or not other.std():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def ranks(values: Floats) -> Floats:
    """Places in order, equal values sharing theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]


def spearman(one: Floats, other: Floats) -> float:
    """The correlation of the ranks."""
    return pearson(ranks(one), ranks(other))


def within(one: Floats, other: Floats, questions: Sequence[str]) -> float:
    """The correlation of what is above or below the mean of each question."""
    names = np.array(questions)
    first, second = one.copy(), other.copy()
    for name in set(questions):
        own = names == name
        first[own] -= first[own].mean()
        second[own] -= second[own].mean()
    return pearson(first, second)


def interval(
    measure: Callable[[Floats, Floats], float],
    one: Floats,
    other: Floats,
    questions: Sequence[str],
) -> tuple[float, float]:
    """The middle 95 % over resampled questions: answers to one question are not independent."""
    chance = np.random.default_rng(7)
    names = np.array(questions)
    places = [np.flatnonzero(names == name) for name in sorted(set(questions))]
    found = []
    for _ in range(RESAMPLES):
        chosen = np.concatenate([places[at] for at in chance.integers(0, len(places), len(places))])
        found.append(measure(one[chosen], other[chosen]))
    low, high = np.quantile(found, [0.025, 0.975])
    return round(float(low), 3), round(float(high), 3)


def calibration(confidence: Floats, near: Floats) -> tuple[float, list[dict[str, float]]]:
    """How far confidence lies from the share of scores near the grade, on the mean, and by bins."""
    edges = np.linspace(0, 1, BINS + 1)
    place = np.clip(np.digitize(confidence, edges) - 1, 0, BINS - 1)
    bins = [
        {
            "confidence": round(float(confidence[place == at].mean()), 3),
            "near": round(float(near[place == at].mean()), 3),
            "answers": int((place == at).sum()),
        }
        for at in range(BINS)
        if (place == at).any()
    ]
    total = sum(each["answers"] * abs(each["confidence"] - each["near"]) for each in bins)
    return round(total / len(confidence), 3), bins
