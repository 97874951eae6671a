"""What an AI server must answer, and how its answer becomes an evaluation that can be trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ai_service import delivery
from ai_service.guards import orders_in
from ai_service.text import words
from shared_contracts.errors import LLMAnswerInvalidError
from shared_contracts.evaluation import (
    Advice,
    Evaluation,
    EvaluationRequest,
    FollowUp,
    KeyPointResult,
    Quote,
    StarPart,
    StarResult,
)
from shared_contracts.questions import Question

VERSION = "llm-1"
MOST_ADVICE = 4
MOST_FOLLOW_UPS = 3
LEAST_FOLLOW_UP = 8
"""Characters; what is shorter is no question."""
MOST_CHARACTERS = 1_200
"""A longer summary or piece of advice is cut."""
MOST_TEXT = 100_000
"""What is read of a server's answer; a verdict has some 3,000 characters."""
LEAST_QUOTE_WORDS = 3
"""A shorter quote shows nothing, unless the whole answer is as short."""
WIDE_LETTERS = "\u2e80"
"""From here on are letters of languages that put no spaces between words."""
_LIMITS = (
    "A language model wrote this. "
    "It can be wrong, and may judge the same answer differently another time."
)
_SIMILARITY = {"covered": 1.0, "partly": 0.5, "missing": 0.0}
_Score = Annotated[float, Field(ge=0, le=1)]


def _all_of_it(schema: dict[str, Any]) -> None:
    """A strict schema wants to hear that every field is asked for, and no other one."""
    schema |= {"additionalProperties": False, "required": list(schema["properties"])}


class _Part(BaseModel):
    # Servers add fields of their own.
    model_config = ConfigDict(extra="ignore", json_schema_extra=_all_of_it)


class PointVerdict(_Part):
    number: int
    coverage: Literal["covered", "partly", "missing"]
    quote: str


class StarVerdict(_Part):
    part: StarPart
    found: bool
    quote: str


class AdviceVerdict(_Part):
    text: Annotated[str, Field(min_length=1)]
    quote: str


class TechnicalVerdict(_Part):
    """The answer asked for to a technical question."""

    key_points: list[PointVerdict]
    content: _Score
    structure: _Score
    confidence: _Score
    summary: Annotated[str, Field(min_length=1)]
    advice: list[AdviceVerdict]
    follow_ups: list[str] = []
    """Not every model thinks of it; the schema asks for it all the same."""


class BehaviouralVerdict(TechnicalVerdict):
    """The answer asked for to a behavioural question."""

    star: list[StarVerdict]


def kind_of_verdict(question: Question) -> type[TechnicalVerdict]:
    """The shape that fits the question."""
    return BehaviouralVerdict if question.kind == "behavioural" else TechnicalVerdict


def parse(text: str, kind: type[TechnicalVerdict]) -> TechnicalVerdict:
    """Reads the verdict, also out of prose around it. Raises LLMAnswerInvalidError."""
    try:
        return kind.model_validate(extract_object(text))
    except ValidationError as error:
        wrong = "; ".join(f"{_place(each['loc'])}: {each['msg']}" for each in error.errors()[:5])
        raise LLMAnswerInvalidError(
            "The AI server's answer lacks the form that was asked for.", details={"reason": wrong}
        ) from error


def extract_object(text: str) -> object:
    """The longest whole JSON object in the text. Raises LLMAnswerInvalidError if there is none."""
    found = sorted(_objects(text[:MOST_TEXT]), key=lambda each: each[0])
    if not found:
        why = {"reason": "no whole JSON object"}
        raise LLMAnswerInvalidError("The AI server's answer holds no whole JSON.", details=why)
    return found[-1][1]


def _objects(text: str) -> Iterator[tuple[int, object]]:
    """Length and value of each JSON object that is not part of another one."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield end - start, value
        start = text.find("{", end)


def to_evaluation(request: EvaluationRequest, verdict: TechnicalVerdict) -> Evaluation:
    """The verdict with its evidence checked against the answer."""
    question, answer = request.question, request.answer
    heard = delivery.facts(answer, request.duration_ms, request.spoken)
    star = _star(answer, verdict.star) if isinstance(verdict, BehaviouralVerdict) else ()
    told = any(part.part == "result" and part.found for part in star)
    points = _key_points(answer, expected_points(question), verdict.key_points)
    return Evaluation(
        evaluator="llm",
        evaluator_version=VERSION,
        reason="",
        scores=delivery.scores(_content(verdict, question), verdict.structure, heard),
        opinion=question.kind == "behavioural",
        confidence=verdict.confidence,
        summary=verdict.summary[:MOST_CHARACTERS],
        key_points=points,
        star=star,
        specificity=delivery.specificity(answer, outcome_stated=told),
        delivery=heard,
        advice=tuple(
            Advice(text=item.text[:MOST_CHARACTERS], quote=find_quote(answer, item.quote))
            for item in verdict.advice[:MOST_ADVICE]
        ),
        follow_ups=_follow_ups(verdict.follow_ups),
        limits=_LIMITS,
    )


def expected_points(question: Question) -> tuple[str, ...]:
    """What the server is asked to look for, one by one."""
    return question.traits if question.kind == "behavioural" else question.key_points


def find_quote(answer: str, text: str) -> Quote | None:
    """Where `text` stands in the answer, white space apart; None if it doesn't."""
    parts = text[:MOST_CHARACTERS].strip().strip("\"'“”…").split()
    if not parts:
        return None
    match = re.search(r"\s+".join(map(re.escape, parts)), answer)
    return Quote(start=match.start(), end=match.end(), text=match[0]) if match else None


def _follow_ups(prompts: list[str]) -> tuple[FollowUp, ...]:
    """Those that are questions by their length; the rest is noise."""
    usable = [text.strip()[:MOST_CHARACTERS] for text in prompts]
    longest = [text for text in dict.fromkeys(usable) if len(text) >= LEAST_FOLLOW_UP]
    return tuple(FollowUp(prompt=text) for text in longest[:MOST_FOLLOW_UPS])


def _content(verdict: TechnicalVerdict, question: Question) -> float | None:
    """None without anything to compare with: it would rest on the server's word alone."""
    compared = (
        question.key_points or question.reference_answer.strip() or question.kind == "behavioural"
    )
    return verdict.content if compared else None


def _key_points(
    answer: str, points: tuple[str, ...], verdicts: list[PointVerdict]
) -> tuple[KeyPointResult, ...]:
    """One for each expected point; one that the server passed over is missing."""
    by_number = {verdict.number: verdict for verdict in verdicts}
    return tuple(
        _key_point(answer, point, by_number.get(number)) for number, point in enumerate(points, 1)
    )


def _key_point(answer: str, point: str, verdict: PointVerdict | None) -> KeyPointResult:
    """Claimed without evidence it is missing."""
    claimed = verdict is not None and verdict.coverage != "missing"
    evidence = _evidence(answer, verdict.quote) if verdict and claimed else None
    coverage = verdict.coverage if verdict and evidence else "missing"
    return KeyPointResult(
        key_point=point, coverage=coverage, similarity=_SIMILARITY[coverage], evidence=evidence
    )


def _evidence(answer: str, text: str) -> Quote | None:
    """The quote if it says something and is no order to the grader."""
    found = find_quote(answer, text)
    if found is None or _length(found.text) < min(LEAST_QUOTE_WORDS, _length(answer)):
        return None
    orders = orders_in(answer)
    return None if any(o.start < found.end and found.start < o.end for o in orders) else found


def _length(text: str) -> int:
    return max(len(words(text)), sum(character >= WIDE_LETTERS for character in text))


def _star(answer: str, verdicts: list[StarVerdict]) -> tuple[StarResult, ...]:
    found = {
        verdict.part: _evidence(answer, verdict.quote) for verdict in verdicts if verdict.found
    }
    parts: tuple[StarPart, ...] = ("situation", "task", "action", "result")
    return tuple(
        StarResult(part=part, found=found.get(part) is not None, evidence=found.get(part))
        for part in parts
    )


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "answer"
