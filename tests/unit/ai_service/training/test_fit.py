"""What is fitted is found again, and is the same each time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ai_service.training.fit import Growth, logistic, trees

Floats = NDArray[np.float64]
CHANCE = np.random.default_rng(3)
VALUES = CHANCE.random((400, 3))
ONES = np.ones(400)


def predict(targets: Floats, signs: tuple[int, ...], values: Floats) -> Floats:
    grown = trees(VALUES, targets, ONES, signs, Growth(trees=80, rate=0.2))
    return np.asarray(sum(tree.predict(values) for tree in grown))


def test_trees_find_a_step_and_leave_noise_alone() -> None:
    targets = (VALUES[:, 1] > 0.6).astype(float)
    found = predict(targets, (0, 0, 0), VALUES)
    assert np.abs(found - targets).mean() < 0.1
    assert predict(targets, (0, 0, 0), VALUES).tolist() == found.tolist()


def test_a_feature_that_may_only_add_never_takes() -> None:
    targets = np.sin(6 * VALUES[:, 0]) + VALUES[:, 1]
    steps = np.column_stack([np.linspace(0, 1, 50), np.full(50, 0.4), np.full(50, 0.4)])
    assert (np.diff(predict(targets, (1, 1, 1), steps)) >= 0).all()
    assert (np.diff(predict(-targets, (-1, -1, -1), steps)) <= 0).all()
    assert (np.diff(predict(targets, (0, 0, 0), steps)) < 0).any()


def test_logistic_regression_finds_the_side() -> None:
    truths = (VALUES[:, 0] - VALUES[:, 2] > 0).astype(float)
    constant, first, second, third = logistic(VALUES, truths, ONES)
    assert first > 2 > abs(second)
    assert third < -2
    assert abs(constant) < 1
