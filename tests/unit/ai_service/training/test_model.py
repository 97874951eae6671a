"""Parts are fitted on some questions, and scores come from others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ai_service.embeddings import Embedder
from ai_service.training import model
from ai_service.training.__main__ import measured
from ai_service.training.data import attacked, read_set, texts
from ai_service.training.model import Measured

SET = Path(__file__).parents[3] / "data" / "graded_set.csv"


@pytest.fixture(scope="module")
def rows(embedder: Embedder) -> list[Measured]:
    graded = read_set(SET)
    return list(measured(embedder, iter([*graded, *attacked(graded, texts())])))


def test_scores_lie_within_what_guards_allow(rows: list[Measured]) -> None:
    scores = model.predict(model.train(rows), rows)
    assert ((scores >= 0) & (scores <= 1)).all()
    assert all(score <= each.ceiling for each, score in zip(rows, scores, strict=True))
    empty = [score for each, score in zip(rows, scores, strict=True) if each.row.kind == "empty"]
    assert set(empty) == {0.0}


def test_people_and_attacks_are_told_apart(rows: list[Measured]) -> None:
    assert sum(each.is_graded for each in rows) == 6
    assert any(each.row.kind == "injection" for each in rows)


def test_left_out_questions_are_scored_by_a_model_of_the_others(rows: list[Measured]) -> None:
    scores = model.left_out(rows, folds=2)
    alone = [each for each in rows if each.row.question_id == "1"]
    others = model.train([each for each in rows if each.row.question_id == "2"])
    own = [score for each, score in zip(rows, scores, strict=True) if each in alone]
    assert own == pytest.approx(model.predict(others, alone).tolist())


def test_confidence_is_a_chance_for_each_score(rows: list[Measured]) -> None:
    scores = np.array([each.row.score for each in rows])
    chance = model.confidence(rows, scores)
    assert len(chance.names) == len(chance.weights)
    assert np.isfinite(chance.weights).all()
