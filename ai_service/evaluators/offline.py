"""Judges an answer on this machine alone, with sentence embeddings and plain counting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from ai_service import advice, delivery, features, follow_ups, guards, scorer, star, structure
from ai_service.embeddings import Embedder
from ai_service.features import Features
from ai_service.guards import Screening
from ai_service.key_points import PARTLY, Match, match, nearest, points_of
from ai_service.language import is_foreign
from shared_contracts.evaluation import (
    OFFLINE_VERSION,
    Evaluation,
    EvaluationRequest,
    Guard,
    Quote,
    StarResult,
)
from shared_contracts.questions import Question

VERSION = OFFLINE_VERSION
POINTS_WEIGHT = 0.5
"""What the expected points weigh in the content, the trained score the rest."""
UNRELATED, UNRELATED_WHOLE = 0.2, 0.1
"""Cosines to question and points, and to the expected answer as a whole, below which an answer that
makes no point plainly is off topic."""
PLAINLY_MADE = 0.6
"""The chance from which one point of those written for a question shows that an answer is about it;
for the clauses of a reference it is PARTLY."""
UNLIKE, UNLIKE_SURE = 0.25, 0.4
"""The cosine to the reference answer below which a score by points is not sure, and its confidence:
three in four answers to another question of the topic lie below it, one in ten of those to this."""
UNRELATED_STORY, UNRELATED_TO_PROMPT = 0.2, 0.15
"""The same of a story, with and without a reference answer. The bank's 36 reference answers reach
0.22 against prompt, traits and cues, 0.17 against the prompt alone."""
LEAST_CONFIDENCE = 0.45
"""Below it a score is neither shown nor counted: more of such are far from a person's than near."""
FACTS_CONFIDENCE = 0.5
POINTS_CONFIDENCE = (
    (0.10, 0.18, 0.20, 0.35, 0.40, 0.55, 0.65, 0.80),
    (0.85, 0.70, 0.41, 0.41, 0.50, 0.60, 0.70, 0.80),
)
"""Scores by key points, and how many of such lie near a person's: the share, by bands, of the 164
answers to bank questions that are for setting things on. From 0.2 to 0.35 little can be told."""
SURE, OFF_TOPIC_SURE = 0.95, 0.7
CUT_COSTS = 0.1
"""What it takes from the confidence that only a part of a very long answer was compared."""

_LIMITS = (
    "The offline evaluator compares meaning and words. It notices a plain 'not', words such as "
    "'slow' for 'fast', and advice such as 'never use it' or 'it is enough'; but no false fact, "
    "nor the opposite in other words. It can miss a point made in unusual words, or take a "
    "sentence on a related subject for one."
)
_STORY_LIMITS = (
    "The offline evaluator finds the parts of a story and counts facts. "
    "How good the story is, it can't judge, so it gives no grade for content."
)
_CUT = " The answer is very long: only the sentences closest to the expected points were compared."
_FOREIGN = (
    "This does not seem to be in English, the only language the offline evaluator reads, "
    "so it gives no score."
)


@dataclass(frozen=True)
class _Reading:
    """An answer and what was made of it before any scoring."""

    request: EvaluationRequest
    screening: Screening
    compared: tuple[Quote, ...]
    points: tuple[str, ...]

    @property
    def question(self) -> Question:
        return self.request.question

    @property
    def was_cut(self) -> bool:
        return len(self.compared) < len(self.screening.kept)


class OfflineEvaluator:
    """Needs the installed model and nothing else. The same answer always gets the same result."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def evaluate(self, request: EvaluationRequest) -> Evaluation:
        """Judges in a thread. Raises ModelMissingError."""
        return await asyncio.to_thread(self.judge, request)

    def judge(self, request: EvaluationRequest) -> Evaluation:
        """Judges one answer. Raises ModelMissingError."""
        reading = _read(request)
        if _is_unreadable(reading):
            return _unread(reading)
        story = request.question.kind == "behavioural"
        found = self._judge_story(reading) if story else self._judge_content(reading)
        led = advice.answer_first(request.question, found.guards, found.advice)
        further = follow_ups.propose(request.question, found.key_points)
        return msgspec.structs.replace(found, advice=led, follow_ups=further)

    def _judge_content(self, reading: _Reading) -> Evaluation:
        question, answer = reading.question, reading.request.answer
        matches = match(self._embedder, question.prompt, reading.points, answer, reading.compared)
        measured = self._measure(reading)
        found = self._guards(reading, matches, measured)
        heard = delivery.facts(answer, reading.request.duration_ms, reading.request.spoken)
        built = structure.examine(answer, reading.screening.kept, _first(matches))
        content, confidence = self._content(reading, matches, measured, found)
        return Evaluation(
            evaluator="offline",
            evaluator_version=VERSION,
            reason=reading.request.offline_reason,
            scores=delivery.scores(content, _structure(built, found), heard),
            unsure=content is not None and confidence < LEAST_CONFIDENCE,
            confidence=confidence,
            summary=advice.summarise_technical(found, reading.screening, matches),
            guards=found,
            key_points=tuple(each.result() for each in matches),
            specificity=delivery.specificity(answer, outcome_stated=False),
            delivery=heard,
            advice=advice.advise_technical(question, reading.screening, matches, built, heard),
            limits=_LIMITS + (_CUT if reading.was_cut else ""),
        )

    def _judge_story(self, reading: _Reading) -> Evaluation:
        answer = reading.request.answer
        parts = star.find(self._embedder, reading.compared)
        heard = delivery.facts(answer, reading.request.duration_ms, reading.request.spoken)
        specific = delivery.specificity(answer, outcome_stated=parts[-1].found)
        built = structure.examine(answer, reading.screening.kept, _told_from(parts))
        found = self._story_guards(reading)
        return Evaluation(
            evaluator="offline",
            evaluator_version=VERSION,
            reason=reading.request.offline_reason,
            scores=delivery.scores(None, _structure(built, found), heard),
            confidence=FACTS_CONFIDENCE,
            summary=advice.summarise_behavioural(found, reading.screening, parts),
            guards=found,
            star=parts,
            specificity=specific,
            delivery=heard,
            advice=advice.advise_behavioural(
                reading.question, reading.screening, parts, specific, heard
            ),
            limits=_STORY_LIMITS + (_CUT if reading.was_cut else ""),
        )

    def _measure(self, reading: _Reading) -> Features | None:
        question, answer = reading.question, reading.request.answer
        expected = question.reference_answer.strip() or " ".join(reading.points)
        return features.measure(self._embedder, question.prompt, expected, answer, reading.compared)

    def _content(
        self,
        reading: _Reading,
        matches: Sequence[Match],
        measured: Features | None,
        found: Sequence[Guard],
    ) -> tuple[float | None, float]:
        """The content score, None with nothing to compare with, and how far it can be trusted."""
        if "empty" in found or ("restated" in found and reading.points):
            return 0.0, SURE
        if measured is None:
            return None, 0.0
        trained = scorer.score([measured])
        sure = float(scorer.confidence([measured], trained)[0])
        content = float(trained[0])
        if reading.question.key_points:
            made = float(np.mean([each.strength for each in matches]))
            content = POINTS_WEIGHT * made + (1 - POINTS_WEIGHT) * content
            sure = float(np.interp(content, *POINTS_CONFIDENCE))
            if measured.whole < UNLIKE:
                sure = min(sure, UNLIKE_SURE)
        sure -= CUT_COSTS * reading.was_cut
        if "off_topic" in found:
            sure = max(sure, OFF_TOPIC_SURE)
        return min(content, guards.ceiling(found)), round(min(max(sure, 0.0), 1.0), 2)

    def _guards(
        self, reading: _Reading, matches: Sequence[Match], measured: Features | None
    ) -> tuple[Guard, ...]:
        found = reading.screening.guards
        if not matches or measured is None:
            return found
        known = bool(reading.question.key_points)
        made = max(each.strength for each in matches)
        if made >= (PLAINLY_MADE if known else PARTLY):
            return found
        unlike = known and measured.whole < UNRELATED_WHOLE
        return (*found, "off_topic") if unlike or not self._is_related(reading) else found

    def _story_guards(self, reading: _Reading) -> tuple[Guard, ...]:
        question, found = reading.question, reading.screening.guards
        if not reading.compared:
            return found
        cues = question.star_cues
        told = (cues.situation, cues.task, cues.action, cues.result) if cues else ()
        about = [question.prompt, *question.traits, *told]
        least = UNRELATED_TO_PROMPT
        if question.reference_answer.strip():
            about.append(question.reference_answer)
            least = UNRELATED_STORY
        return found if self._nearness(reading, about) >= least else (*found, "off_topic")

    def _is_related(self, reading: _Reading) -> bool:
        """Whether the answer as a whole is about what was asked."""
        return self._nearness(reading, [reading.question.prompt, *reading.points]) >= UNRELATED

    def _nearness(self, reading: _Reading, about: Sequence[str]) -> float:
        """Cosine of the answer as a whole to what was asked."""
        wanted = self._embedder.embed(about).mean(axis=0)
        said = self._embedder.embed([piece.text for piece in reading.compared]).mean(axis=0)
        return float(wanted @ said / max(1e-9, np.linalg.norm(wanted) * np.linalg.norm(said)))


def _read(request: EvaluationRequest) -> _Reading:
    question = request.question
    points = question.key_points or points_of(question.reference_answer)
    screening = guards.screen(
        question.prompt, request.answer, question.reference_answer or " ".join(points)
    )
    return _Reading(
        request, screening, nearest(screening.kept, points or (question.prompt,)), points
    )


def _is_unreadable(reading: _Reading) -> bool:
    """Whether the answer is in a language of which the offline evaluator knows nothing."""
    expected = (
        reading.question.reference_answer or " ".join(reading.points) or reading.question.prompt
    )
    said = " ".join(piece.text for piece in reading.screening.kept)
    return is_foreign(said) and not is_foreign(expected)


def _unread(reading: _Reading) -> Evaluation:
    heard = delivery.facts(
        reading.request.answer, reading.request.duration_ms, reading.request.spoken
    )
    return Evaluation(
        evaluator="offline",
        evaluator_version=VERSION,
        reason=reading.request.offline_reason,
        scores=delivery.scores(None, None, heard),
        confidence=0.0,
        summary=_FOREIGN,
        guards=tuple(guard for guard in reading.screening.guards if guard == "injection"),
        delivery=heard,
        limits=_LIMITS,
    )


def _first(matches: Sequence[Match]) -> int | None:
    return min((each.passage.start for each in matches if each.coverage != "missing"), default=None)


def _structure(built: structure.Structure | None, found: Sequence[Guard]) -> float:
    """A heap of words has no structure, whatever words are in it."""
    return 0.0 if built is None or "keywords_only" in found else built.score


def _told_from(parts: Sequence[StarResult]) -> int | None:
    """Where the story begins: its situation or task."""
    return min((part.evidence.start for part in parts[:2] if part.evidence), default=None)
