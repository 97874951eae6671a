"""Reads `coefficients.json`: the numbers that `python -m ai_service.training` fitted."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]


class Leaf(msgspec.Struct, frozen=True, tag_field="is", tag="leaf"):
    """Adds its value to the score."""

    value: float

    def predict(self, values: Floats) -> Floats:
        """The value for each row."""
        return np.full(len(values), self.value)


class Split(msgspec.Struct, frozen=True, tag_field="is", tag="split"):
    """Sends rows whose feature is at most `at` to `below`, the others to `above`."""

    feature: int
    at: float
    below: Leaf | Split
    above: Leaf | Split

    def predict(self, values: Floats) -> Floats:
        """What the leaf that each row comes to adds."""
        low = values[:, self.feature] <= self.at
        return np.where(low, self.below.predict(values), self.above.predict(values))


Node: TypeAlias = Leaf | Split


class Chance(msgspec.Struct, frozen=True):
    """A logistic regression: the chance of something, from named values."""

    names: tuple[str, ...]
    constant: float
    weights: tuple[float, ...]

    def of(self, values: Floats) -> Floats:
        """The chance, 0 to 1, for each row of values (the last axis)."""
        total = self.constant + values @ np.array(self.weights)
        return np.asarray(1 / (1 + np.exp(-np.clip(total, -30, 30))))


class Score(msgspec.Struct, frozen=True):
    """What an answer is worth: the start and what each tree adds."""

    names: tuple[str, ...]
    start: float
    trees: tuple[Node, ...]

    def of(self, values: Floats) -> Floats:
        """The score, 0 to 1, for each row."""
        total = sum((tree.predict(values) for tree in self.trees), np.full(len(values), self.start))
        return np.asarray(np.clip(total, 0, 1))


class Coefficients(msgspec.Struct, frozen=True):
    """All that was fitted, and `about`: on what."""

    about: dict[str, str]
    score: Score
    heap: Chance
    """That the words stand in no order."""
    coverage: Chance
    """That a passage makes a point."""
    confidence: Chance
    """That a score comes near a person's grade."""


@cache
def load() -> Coefficients:
    """The coefficients that are shipped; read once."""
    data = files("ai_service").joinpath("coefficients.json").read_bytes()
    return msgspec.json.decode(data, type=Coefficients)
