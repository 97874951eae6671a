"""Answers graded by hand are ranked as they were graded, and no counting does the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from ai_service.embeddings import Embedder
from ai_service.evaluators.offline import OfflineEvaluator
from main_process import question_bank
from shared_contracts.evaluation import EvaluationRequest
from shared_contracts.questions import Question

DATA = Path(__file__).parents[1] / "data" / "graded_answers.toml"
GRADES = ("strong", "partial", "off_topic", "empty")
"""From the best to the worst."""

Score = Callable[[Question, str], float]
Graded = list[tuple[Question, dict[str, str]]]


@pytest.fixture(scope="module")
def graded() -> Graded:
    questions = {question.id: question for question in question_bank.load().questions}
    entries = tomllib.loads(DATA.read_text(encoding="utf-8"))["answers"]
    return [
        (questions[question_bank.shipped_id(entry["question"])], {**entry, "empty": ""})
        for entry in entries
    ]


def misranked(graded: Graded, score: Score) -> list[str]:
    """Every question whose answers don't score strictly from the best grade to the worst."""
    wrong = []
    for question, answers in graded:
        scores = [round(score(question, answers[grade]), 3) for grade in GRADES]
        if any(better <= worse for better, worse in pairwise(scores)):
            wrong.append(f"{answers['question']}: {dict(zip(GRADES, scores, strict=True))}")
    return wrong


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def length_only(_: Question, answer: str) -> float:
    return len(words(answer))


def keyword_count(question: Question, answer: str) -> float:
    """How many of the question's and its tags' longer words the answer has."""
    keywords = {
        word for word in words(" ".join((question.prompt, *question.tags))) if len(word) > 3
    }
    return len(keywords & set(words(answer)))


def test_there_are_thirty_questions_with_answers_of_like_length(graded: Graded) -> None:
    assert len({question.id for question, _ in graded}) == 30
    for _, answers in graded:
        lengths = [len(words(answers[grade])) for grade in GRADES[:3]]
        assert max(lengths) <= 1.2 * min(lengths)


@pytest.mark.timeout(600)  # a hundred answers, on a machine that may have much else to do
def test_the_offline_evaluator_ranks_them_as_a_person_does(graded: Graded) -> None:
    evaluator = OfflineEvaluator(Embedder())

    def content(question: Question, answer: str) -> float:
        result = evaluator.judge(EvaluationRequest(question=question, answer=answer))
        assert result.scores.content is not None
        return result.scores.content

    assert misranked(graded, content) == []


@pytest.mark.parametrize("baseline", [length_only, keyword_count])
def test_counting_does_not_rank_them(graded: Graded, baseline: Score) -> None:
    """So the answers above can't be told apart without looking at what they say."""
    assert len(misranked(graded, baseline)) > len(graded) / 2
