"""Answers that must not be taken for right ones: to another question, or saying the opposite."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ai_service.embeddings import Embedder
from ai_service.evaluators.offline import OfflineEvaluator
from main_process import question_bank
from shared_contracts.evaluation import Evaluation, EvaluationRequest
from shared_contracts.questions import Question

DATA = Path(__file__).parents[1] / "data"
QUESTIONS = question_bank.load().questions
MOST_SURE = 0.6
"""The most that another question's reference answer may be shown to earn."""
HIGH, MOST_HIGH = 0.3, 25
"""A score that none of them deserves, and how many of the 158 may be shown with more."""
MOST_MEAN = 0.24
MOST_COVERED = 0.035
"""Share of the points that may be shown as covered by another question's reference answer."""


@pytest.fixture(scope="module")
def evaluator() -> OfflineEvaluator:
    return OfflineEvaluator(Embedder())


def judge(evaluator: OfflineEvaluator, question: Question, answer: str) -> Evaluation:
    return evaluator.judge(EvaluationRequest(question=question, answer=answer))


def swapped() -> Iterator[tuple[Question, str]]:
    """Each technical question with the reference answer of another one of its topic."""
    technical = [question for question in QUESTIONS if question.kind == "technical"]
    for place, question in enumerate(technical):
        others = [each for each in technical if each.topic == question.topic]
        others.remove(question)
        yield question, others[(place * 7) % len(others)].reference_answer


@pytest.mark.timeout(600)  # 158 long answers, on a machine that may have much else to do
def test_an_answer_to_another_question_of_the_topic_is_not_shown_as_a_good_one(
    evaluator: OfflineEvaluator,
) -> None:
    found = [judge(evaluator, question, answer) for question, answer in swapped()]
    scores = [each.scores.content or 0.0 for each in found]
    shown = [each.scores.content or 0.0 for each in found if not each.unsure]
    points = [point.coverage for each in found for point in each.key_points]
    assert max(shown) <= MOST_SURE
    assert sum(score > HIGH for score in shown) <= MOST_HIGH
    assert sum(scores) / len(scores) <= MOST_MEAN
    assert points.count("covered") <= MOST_COVERED * len(points)


def contrary(half: str) -> list[dict[str, Any]]:
    table = tomllib.loads((DATA / f"contrary_{half}.toml").read_text("utf-8"))
    return list(table["statements"])


@pytest.mark.parametrize(("half", "most"), [("tuning", 0), ("report", 1)])
def test_advice_against_a_point_does_not_cover_it(
    evaluator: OfflineEvaluator, half: str, most: int
) -> None:
    asked = {question.id: question for question in QUESTIONS}
    covered = []
    for each in contrary(half):
        question = asked[question_bank.shipped_id(each["question"])]
        found = judge(evaluator, question, each["text"]).key_points[each["point"] - 1]
        covered += [each["text"]] if found.coverage == "covered" else []
    assert len(covered) <= most, covered
