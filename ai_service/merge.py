"""Holds an AI server's judgement against what is known without it: guards, facts, evidence."""

from __future__ import annotations

import msgspec

from ai_service import follow_ups, guards
from shared_contracts.evaluation import Evaluation, EvaluationRequest, Guard

BEYOND_EVIDENCE = 0.3
"""How far content may exceed the share of points shown to be made (half for a part)."""
OFF_TOPIC_CEILING = 0.5
"""The most for an answer that our own evaluator finds off topic, with no point made."""
_OFF_TOPIC = (
    " The offline evaluator finds this answer unrelated to the question, "
    "so at most 50 of 100 are given for content."
)
_WORTH = {"covered": 1.0, "partly": 0.5, "missing": 0.0}


def merge(request: EvaluationRequest, theirs: Evaluation, own: Evaluation | None) -> Evaluation:
    """The server's judgement, kept within the guards and its evidence, with our facts added.

    `own` is None when the offline model is missing; then only the words are looked at.
    """
    question = request.question
    screening = guards.screen(question.prompt, request.answer, question.reference_answer)
    highest = min(
        _of_evidence(theirs), guards.ceiling(screening.guards), _of_rest(screening.guards, own)
    )
    unrelated = own is not None and "off_topic" in own.guards
    highest = min(highest, OFF_TOPIC_CEILING if unrelated else 1.0)
    scores = theirs.scores
    content = None if scores.content is None else min(scores.content, highest)
    if "empty" in screening.guards and question.kind == "technical":
        content = 0.0
    structure = 0.0 if "empty" in screening.guards else scores.structure
    return msgspec.structs.replace(
        theirs,
        scores=msgspec.structs.replace(scores, content=content, structure=structure),
        guards=screening.guards,
        star=theirs.star or (own.star if own else ()),
        specificity=own.specificity if own else theirs.specificity,
        advice=theirs.advice or (own.advice if own else ()),
        follow_ups=theirs.follow_ups or follow_ups.propose(question, theirs.key_points),
        limits=theirs.limits + (_OFF_TOPIC if unrelated else ""),
    )


def _of_evidence(theirs: Evaluation) -> float:
    if not theirs.key_points:
        return 1.0
    shown = sum(_WORTH[point.coverage] for point in theirs.key_points) / len(theirs.key_points)
    return min(1.0, shown + BEYOND_EVIDENCE)


def _of_rest(found: tuple[Guard, ...], own: Evaluation | None) -> float:
    """What an answer with orders to the grader scores without them: the server may have obeyed."""
    if "injection" not in found:
        return 1.0
    return own.scores.content if own and own.scores.content is not None else 0.0
