"""Fits the parts of the score on rows of answers, and predicts rows that were left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ai_service import scorer
from ai_service.coefficients import Chance, Coefficients, Floats, Score
from ai_service.features import Features
from ai_service.training import fit
from ai_service.training.data import Row

NAMES = ("made", "alike", "told", "enough", "grams", "mean_beyond", "mean", "whole", "plain")
"""What the trained score rests on; more of each may only add. Further features fitted the questions
that were trained on, and not others."""
SETS = {"mohler_dev": 1.0}
OTHER_SET = 0.3
"""What the rows of a set weigh together: as interviews are like neither set, the one whose answers
are short and graded twice counts most."""
ATTACK = 0.25
"""What a row made to deserve nothing weighs beside a person's answer."""
FOLDS = 5
NO_COVERAGE = Chance((), 0.0, ())
NO_CONFIDENCE = Chance((), 0.0, ())


@dataclass(frozen=True)
class Measured:
    """A row, its features (None if nothing in it counts), and the most its guards allow."""

    row: Row
    features: Features | None
    ceiling: float

    @property
    def is_graded(self) -> bool:
        """Whether it is a person's answer."""
        return self.row.kind is None and self.row.answer != self.row.reference


def train(rows: Sequence[Measured]) -> Coefficients:
    """Score and heap of words, without coverage and confidence."""
    known = [each for each in rows if each.features is not None]
    unfit = {"shuffled", "negated"}  # the score has factors of their own for these
    scored = [each for each in known if each.row.kind not in unfit]
    return Coefficients({}, _score(scored), _heap(known), NO_COVERAGE, NO_CONFIDENCE)


def predict(known: Coefficients, rows: Sequence[Measured]) -> Floats:
    """The scores of the rows, guards included; 0 where nothing counts."""
    found = [each.features for each in rows if each.features is not None]
    scores = iter(scorer.score(found, known).tolist() if found else ())
    given = [0.0 if each.features is None else next(scores) for each in rows]
    return np.minimum(given, [each.ceiling for each in rows])


def left_out(rows: Sequence[Measured], folds: int = FOLDS) -> Floats:
    """The score of each row by a model that saw no answer to its question, of whatever file."""
    fold = _folds(rows, folds)
    scores = np.zeros(len(rows))
    for number in range(folds):
        known = train([each for each, own in zip(rows, fold, strict=True) if own != number])
        places = np.flatnonzero(fold == number).tolist()
        scores[places] = predict(known, [rows[place] for place in places])
    return scores


def confidence(rows: Sequence[Measured], scores: Floats) -> Chance:
    """How often scores of questions that were left out come near a person's grade."""
    pairs = [
        (each.features, score, abs(score - each.row.score) <= scorer.NEAR, each.row.file)
        for each, score in zip(rows, scores.tolist(), strict=True)
        if each.is_graded and each.features is not None
    ]
    found, given, near, files = (list(column) for column in zip(*pairs, strict=True))
    values = scorer.certainty_signs(found, np.array(given))
    sizes = Counter(files)
    weights = np.array([len(files) / len(sizes) / sizes[file] for file in files])
    return _chance(scorer.CERTAINTY_NAMES, values, np.array(near, dtype=float), weights)


def _score(rows: Sequence[Measured]) -> Score:
    values = np.array([[getattr(each.features, name) for name in NAMES] for each in rows])
    targets = np.array([each.row.score for each in rows])
    weights = _weights(rows)
    start = round(float(weights @ targets / weights.sum()), 4)
    signs = [1] * len(NAMES)
    return Score(NAMES, start, fit.trees(values, targets - start, weights, signs, fit.Growth()))


def _heap(rows: Sequence[Measured]) -> Chance:
    used = [each for each in rows if each.row.kind in {None, "shuffled"}]
    values = scorer.heap_signs([each.features for each in used if each.features])
    truths = np.array([float(each.row.kind == "shuffled") for each in used])
    weights = np.where(truths > 0, len(used) / max(1.0, truths.sum()) / 4, 1.0)
    return _chance(scorer.HEAP_NAMES, values, truths, weights)


def _chance(names: tuple[str, ...], values: Floats, truths: Floats, weights: Floats) -> Chance:
    """Fitted on standardised values, and told for plain ones."""
    middle, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    found = fit.logistic((values - middle) / spread, truths, weights)
    plain = found[1:] / spread
    constant = float(found[0] - plain @ middle)
    return Chance(names, round(constant, 4), tuple(np.round(plain, 4).tolist()))


def _weights(rows: Sequence[Measured]) -> Floats:
    graded = Counter(each.row.file for each in rows if each.row.kind is None)
    return np.array(
        [
            SETS.get(each.row.file, OTHER_SET)
            * 1000
            / graded[each.row.file]
            * (1.0 if each.row.kind is None else ATTACK)
            for each in rows
        ]
    )


def _folds(rows: Sequence[Measured], folds: int) -> Floats:
    """The fold of each row: whole questions, each file's spread evenly."""
    groups = sorted({each.row.group for each in rows})
    chance = np.random.default_rng(0)
    number: dict[tuple[str, str], int] = {}
    for file in sorted({group[0] for group in groups}):
        own = [group for group in groups if group[0] == file]
        for place, index in enumerate(chance.permutation(len(own)).tolist()):
            number[own[index]] = place % folds
    return np.array([number[each.row.group] for each in rows], dtype=float)
