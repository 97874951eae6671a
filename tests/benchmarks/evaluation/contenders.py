"""What scores answers: the offline evaluator, and simple ways to do it."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from ai_service.embeddings import Embedder
from ai_service.evaluators.offline import OfflineEvaluator
from ai_service.text import words
from ai_service.training.data import Row
from shared_contracts.evaluation import Evaluation, EvaluationRequest
from shared_contracts.questions import Question
from tests.benchmarks.evaluation.agreement import Floats


@dataclass(frozen=True)
class Judged:
    """The evaluations of a set's rows, and how long each took."""

    evaluations: tuple[Evaluation, ...]
    took_us: tuple[float, ...]

    @property
    def scores(self) -> Floats:
        """The content scores; 0 where there is none, as for an answer in another language."""
        return np.array([each.scores.content or 0.0 for each in self.evaluations])

    @property
    def confidence(self) -> Floats:
        """The confidences."""
        return np.array([each.confidence for each in self.evaluations])

    @property
    def sure(self) -> Floats:
        """1 where a score is shown, 0 where 'not sure' stands in its place."""
        return np.array([float(not each.unsure) for each in self.evaluations])


def judge(evaluator: OfflineEvaluator, rows: Sequence[Row]) -> Judged:
    """Each answer by itself, as the app does it."""
    found, took = [], []
    for row in rows:
        request = EvaluationRequest(question=_question(row), answer=row.answer)
        began = time.perf_counter_ns()
        found.append(evaluator.judge(request))
        took.append((time.perf_counter_ns() - began) / 1_000)
    return Judged(tuple(found), tuple(took))


def length(rows: Sequence[Row]) -> Floats:
    """The number of words alone."""
    return np.array([float(len(words(row.answer))) for row in rows])


def tf_idf(rows: Sequence[Row]) -> Floats:
    """Cosine of answer and reference, words weighed by how rare they are in the set."""
    texts = {text for row in rows for text in (row.answer, row.reference)}
    held = Counter(word for text in texts for word in set(words(text)))
    rarity = {word: math.log((1 + len(texts)) / (1 + count)) + 1 for word, count in held.items()}

    def weigh(text: str) -> dict[str, float]:
        return {word: count * rarity[word] for word, count in Counter(words(text)).items()}

    return np.array([_cosine(weigh(row.answer), weigh(row.reference)) for row in rows])


def cosine(embedder: Embedder, rows: Sequence[Row]) -> Floats:
    """Cosine of the embeddings of the whole answer and the whole reference."""
    found = []
    for row in rows:
        first, second = embedder.embed([row.answer, row.reference])
        found.append(float(first @ second))
    return np.array(found)


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    product = sum(weight * other.get(word, 0.0) for word, weight in one.items())
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return product / lengths if lengths else 0.0


def _question(row: Row) -> Question:
    return Question(
        id=UUID(int=0),
        kind="technical",
        topic="set",
        difficulty="medium",
        prompt=row.question,
        reference_answer=row.reference,
        follow_ups=(),
        tags=(),
        source="own",
        revision=1,
    )
