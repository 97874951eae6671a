"""Fits when a passage of an answer makes an expected point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai_service import guards
from ai_service.coefficients import Chance, Floats
from ai_service.embeddings import Embedder
from ai_service.key_points import SIGNS, passages, signs
from ai_service.training import fit
from ai_service.training.bank import WORTH, KnownPoints

ROUNDS = 4
PENALTY = 0.3
SWAPPED = 0.15
"""What a point weighs in an answer to another question: there are many of those, and all alike."""
FIRST = (0.0, 1.0, 0.3, 0.0, 0.0)
"""The constant and weights by which passages are chosen at first."""


@dataclass(frozen=True)
class Case:
    """A point, the signs of each passage of an answer, and whether the point is made."""

    question_id: str
    made: str
    signs: Floats

    @property
    def worth(self) -> float:
        """1 for a point made, half for a part."""
        return WORTH[self.made]


def cases(embedder: Embedder, answers: Sequence[KnownPoints]) -> list[Case]:
    """One for each point of each answer in which anything counts."""
    found: list[Case] = []
    for each in answers:
        kept = guards.screen(each.prompt, each.answer, each.reference).kept
        pieces = passages(each.answer, kept)
        if pieces:
            table = signs(embedder, each.prompt, each.points, pieces)
            found += [
                Case(each.question_id, letter, row)
                for letter, row in zip(each.made, table, strict=True)
            ]
    return found


def train(found: Sequence[Case], swapped: Sequence[Case] = ()) -> Chance:
    """Which passage makes the point is not known: choose, fit, choose again.

    `swapped` are those of answers to other questions.
    """
    every = [*found, *swapped]
    sizes = np.array([1.0] * len(found) + [SWAPPED] * len(swapped))
    weights = np.array(FIRST)
    truths = np.array([case.worth for case in every])
    for _ in range(ROUNDS):
        best = [case.signs[(case.signs @ weights[1:]).argmax()] for case in every]
        weights = fit.logistic(np.array(best), truths, sizes, PENALTY)
    rounded = np.round(weights, 3).tolist()
    return Chance(SIGNS, rounded[0], tuple(rounded[1:]))
