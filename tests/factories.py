"""Makes contracts with defaults, so that a test names only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from shared_contracts.evaluation import DeliveryFacts, Evaluation, Scores
from shared_contracts.questions import CreateQuestion, Question
from shared_contracts.sessions import SessionSetup, StartSession

EVERYTHING_SEEN = datetime.max.replace(tzinfo=UTC)
"""When a page last saw a draft, for a test in which no other page writes."""


def make_question(**fields: Any) -> Question:  # noqa: ANN401  any of the contract's own
    """A technical question of the bank."""
    defaults: dict[str, Any] = {
        "id": uuid4(),
        "kind": "technical",
        "topic": "backend",
        "difficulty": "easy",
        "prompt": "What does an index of a database cost, and what does it give?",
        "reference_answer": "Reads get quicker, since the rows wanted are found; writes slower.",
        "key_points": ("An index makes reads quicker.", "Every write has to keep it."),
        "follow_ups": ("When would you leave it out?",),
        "tags": ("databases",),
        "source": "bank",
    }
    return Question(**(defaults | fields))


def make_own_question(**fields: Any) -> CreateQuestion:  # noqa: ANN401  any of the contract's own
    """A question as the person writes it."""
    defaults: dict[str, Any] = {
        "kind": "technical",
        "topic": "gardening",
        "difficulty": "medium",
        "prompt": "When would you prune an apple tree?",
    }
    return CreateQuestion(**(defaults | fields))


def make_start(**setup: Any) -> StartSession:  # noqa: ANN401  any of the contract's own
    """An interview of one question, unless the setup says otherwise."""
    return StartSession(setup=SessionSetup(**({"question_count": 1} | setup)))


def make_evaluation(content: float | None = 0.5, **fields: Any) -> Evaluation:  # noqa: ANN401
    """An offline evaluation with this content score."""
    defaults: dict[str, Any] = {
        "evaluator": "offline",
        "evaluator_version": "1",
        "reason": "The offline evaluator is chosen in the settings.",
        "scores": Scores(content=content),
        "confidence": 0.7,
        "summary": "Half of the points were made.",
        "delivery": DeliveryFacts(words=12, sentences=2),
    }
    return Evaluation(**(defaults | fields))
