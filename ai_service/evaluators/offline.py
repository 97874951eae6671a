"""Judges an answer on this machine alone, with sentence embeddings and plain counting."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from ai_service import advice, delivery, guards, star, structure
from ai_service.embeddings import Embedder
from ai_service.guards import Screening
from ai_service.key_points import COVERED, PARTLY, Match, likeness, match, nearest, points_of
from ai_service.language import is_foreign
from ai_service.text import content_words
from shared_contracts.evaluation import Evaluation, EvaluationRequest, Guard, Quote, StarResult
from shared_contracts.questions import Question

VERSION = "offline-2"
POINTS_WEIGHT = 0.4
"""What the expected points weigh in the content; the rest is likeness to the reference answer.
Set on 28 questions' trial answers in tests/data/tuning_answers_*.toml: points alone pay for terms
named, and rank a shallow answer full of them above a strong one in plain words."""
WORDS_WEIGHT, ENOUGH_WORDS = 0.2, 0.5
"""What the words themselves weigh, and the share of the expected ones that earns all of it."""
ENOUGH_PLAIN_CREDIT = 0.15
"""Mean plain credit of the points below which likeness earns less and less: whoever plainly touches
none of them talks about something near. Set on the same answers."""
UNRELATED = 0.3
"""Cosine to question and points below which an answer that makes no point is off topic."""
UNRELATED_STORY, UNRELATED_TO_PROMPT = 0.2, 0.15
"""The same of a story, with and without a reference answer. The bank's 36 reference answers reach
0.22 against prompt, traits and cues, 0.17 against the prompt alone."""
USUAL_CONFIDENCE = 0.6
"""About what the content score correlates with people's grades, with nothing fitted to them: r 0.59
on 1,186 answers of Mohler et al. 2011, 0.55 on 528 of SAF, both by the reference's clauses."""
FACTS_CONFIDENCE = 0.5
SURE = 0.95
NEAR_THRESHOLD = 0.05

_LIMITS = (
    "The offline evaluator compares meaning and words. It does not notice when a statement is "
    "negated or wrong, and it can miss a point that is made in unusual words."
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
        return msgspec.structs.replace(found, advice=led)

    def _judge_content(self, reading: _Reading) -> Evaluation:
        question, answer = reading.question, reading.request.answer
        matches = match(self._embedder, question.prompt, reading.points, answer, reading.compared)
        found = self._guards(reading, matches)
        heard = delivery.facts(answer, reading.request.duration_ms)
        built = structure.examine(answer, reading.screening.kept, _first(matches))
        content = self._content(reading, matches, found)
        return Evaluation(
            evaluator="offline",
            evaluator_version=VERSION,
            reason=reading.request.offline_reason,
            scores=delivery.scores(content, _structure(built, found), heard),
            confidence=_confidence(reading, matches, found),
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
        heard = delivery.facts(answer, reading.request.duration_ms)
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

    def _content(
        self, reading: _Reading, matches: Sequence[Match], found: Sequence[Guard]
    ) -> float | None:
        """Mean credit of the points, mixed with likeness to the reference answer."""
        if "empty" in found:
            return 0.0
        if not matches:
            return None
        made = sum(each.credit for each in matches) / len(matches)
        plain = sum(each.plain_credit for each in matches) / len(matches)
        if reading.question.reference_answer.strip():
            made = POINTS_WEIGHT * made + (1 - POINTS_WEIGHT) * self._likeness(reading)
            made = (1 - WORDS_WEIGHT) * made + WORDS_WEIGHT * _shared_words(reading)
        return min(made * min(1.0, plain / ENOUGH_PLAIN_CREDIT), guards.ceiling(found))

    def _likeness(self, reading: _Reading) -> float:
        question, answer = reading.question, reading.request.answer
        return likeness(
            self._embedder, question.prompt, question.reference_answer, answer, reading.compared
        )

    def _guards(self, reading: _Reading, matches: Sequence[Match]) -> tuple[Guard, ...]:
        found = reading.screening.guards
        makes_points = any(each.strength >= PARTLY for each in matches)
        if not matches or makes_points or not reading.compared or self._is_related(reading):
            return found
        return (*found, "off_topic")

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


def _shared_words(reading: _Reading) -> float:
    """Share of the expected words (not the question's own) that the answer has, of those enough."""
    question = reading.question
    expected = content_words(" ".join((*reading.points, question.reference_answer)))
    expected -= content_words(question.prompt)
    said = content_words(" ".join(piece.text for piece in reading.compared))
    return min(1.0, len(expected & said) / max(1, len(expected)) / ENOUGH_WORDS)


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
    heard = delivery.facts(reading.request.answer, reading.request.duration_ms)
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


def _confidence(reading: _Reading, matches: Sequence[Match], found: Sequence[Guard]) -> float:
    """How far the content score can be trusted, 0 to 1.

    Less if points are near a threshold, if there was little to compare or nobody wrote key points;
    0 without any score; high for what is plainly nothing.
    """
    if "empty" in found or "restated" in found:
        return SURE
    if not matches:
        return 0.0
    near = sum(
        min(abs(each.strength - COVERED), abs(each.strength - PARTLY)) < NEAR_THRESHOLD
        for each in matches
    )
    value = USUAL_CONFIDENCE - 0.2 * near / len(matches)
    value -= (
        0.15 * (not reading.question.key_points)
        + 0.1 * reading.was_cut
        + 0.15 * ("too_short" in found)
    )
    return round(max(0.1, value), 2)
