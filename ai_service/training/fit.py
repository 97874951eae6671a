"""Fits what the score is made of: ridge regression, boosted trees and logistic regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ai_service.coefficients import Floats, Leaf, Node, Split

Bins = NDArray[np.intp]
Limits: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Growth:
    """How the trees are grown: few and small ones, since there are few questions to learn from."""

    trees: int = 150
    depth: int = 3
    rate: float = 0.06
    least_weight: float = 12.0
    """Weight of the rows that a leaf has at least."""
    shrink: float = 10.0
    """Weight of rows without effect that each leaf is mixed with."""
    thresholds: int = 31
    share: float = 0.6
    """Share of the features that each tree may look at."""


@dataclass(frozen=True)
class _Grower:
    bins: Bins
    cuts: list[Floats]
    weights: Floats
    signs: NDArray[np.int_]
    growth: Growth

    def grow(self, rest: Floats, rows: Bins, allowed: Bins, within: Limits, depth: int) -> Node:
        value = min(max(self._value(rest, rows), within[0]), within[1])
        found = self._best(rest, rows, allowed) if depth else None
        if found is None:
            return Leaf(value=round(value * self.growth.rate, 5))
        feature, place = found
        low = self.bins[rows, feature] <= place
        below, above = self._halves(rest, (rows[low], rows[~low]), feature, within)
        return Split(
            feature=feature,
            at=round(float(self.cuts[feature][place]), 5),
            below=self.grow(rest, rows[low], allowed, below, depth - 1),
            above=self.grow(rest, rows[~low], allowed, above, depth - 1),
        )

    def _value(self, rest: Floats, rows: Bins) -> float:
        weight = self.weights[rows]
        return float(weight @ rest[rows] / (weight.sum() + self.growth.shrink))

    def _halves(
        self, rest: Floats, rows: tuple[Bins, Bins], feature: int, within: Limits
    ) -> tuple[Limits, Limits]:
        """Where the values of both sides may lie, so that the feature only ever adds or takes."""
        sign, (least, most) = self.signs[feature], within
        if not sign:
            return within, within
        middle = (self._value(rest, rows[0]) + self._value(rest, rows[1])) / 2
        middle = min(max(middle, least), most)
        low, high = (least, middle), (middle, most)
        return (low, high) if sign > 0 else (high, low)

    def _best(self, rest: Floats, rows: Bins, allowed: Bins) -> tuple[int, int] | None:
        """The split that explains most, as feature and place of its threshold."""
        weight = self.weights[rows]
        total, pull = weight.sum(), weight @ rest[rows]
        best, found = 1e-6, None
        for feature in allowed.tolist():
            count = len(self.cuts[feature]) + 1
            bins = self.bins[rows, feature]
            below = np.bincount(bins, weight, count).cumsum()[:-1]
            pulled = np.bincount(bins, weight * rest[rows], count).cumsum()[:-1]
            gain = self._gain(below, pulled) + self._gain(total - below, pull - pulled)
            gain -= self._gain(total, pull)
            least = self.growth.least_weight
            gain[(below < least) | (total - below < least)] = 0
            step = (pull - pulled) / np.maximum(total - below, 1e-9) - pulled / np.maximum(
                below, 1e-9
            )
            gain[step * self.signs[feature] < 0] = 0
            if gain.size and gain.max() > best:
                best, found = float(gain.max()), (feature, int(gain.argmax()))
        return found

    def _gain(self, weight: Floats, pull: Floats) -> Floats:
        return np.asarray(pull**2 / (weight + self.growth.shrink))


def trees(
    values: Floats, targets: Floats, weights: Floats, signs: Sequence[int], growth: Growth
) -> tuple[Node, ...]:
    """Boosted trees for what is left of the targets; the same for the same input.

    `signs` says of each feature whether more of it may only add (1), only take (-1), or both (0).
    """
    cuts = [
        np.unique(np.round(np.quantile(column, np.linspace(0, 1, growth.thresholds + 2)[1:-1]), 5))
        for column in values.T
    ]
    bins = np.stack(
        [np.searchsorted(cut, column) for cut, column in zip(cuts, values.T, strict=True)], axis=1
    )
    grower = _Grower(bins, cuts, weights, np.array(signs), growth)
    chance = np.random.default_rng(1)
    rest, rows = targets.copy(), np.arange(len(values))
    grown: list[Node] = []
    for _ in range(growth.trees):
        count = max(1, round(growth.share * values.shape[1]))
        allowed = np.sort(chance.choice(values.shape[1], count, replace=False))
        tree = grower.grow(rest, rows, allowed, (-np.inf, np.inf), growth.depth)
        rest -= tree.predict(values)
        grown.append(tree)
    return tuple(grown)


def ridge(values: Floats, targets: Floats, weights: Floats, penalty: float) -> Floats:
    """Coefficients for standardised values, the constant first."""
    wide = np.column_stack([np.ones(len(values)), values])
    held = np.diag([0.0, *[penalty] * values.shape[1]])
    weighted = wide * weights[:, None]
    return np.asarray(np.linalg.solve(wide.T @ weighted + held, weighted.T @ targets))


def logistic(values: Floats, truths: Floats, weights: Floats, penalty: float = 1.0) -> Floats:
    """Coefficients of the chance of a truth, the constant first; Newton's method."""
    wide = np.column_stack([np.ones(len(values)), values])
    found = np.zeros(wide.shape[1])
    held = np.diag([1e-6, *[penalty] * values.shape[1]])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-np.clip(wide @ found, -30, 30)))
        slope = wide.T @ (weights * (truths - chance)) - held @ found
        bend = (wide * (weights * chance * (1 - chance))[:, None]).T @ wide + held
        found += np.linalg.solve(bend, slope)
    return found
