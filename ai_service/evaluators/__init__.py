"""The ways to judge an answer, one file each, all behind one protocol."""

from __future__ import annotations

from typing import Protocol

from shared_contracts.evaluation import Evaluation, EvaluationRequest


class AnswerEvaluator(Protocol):
    """Judges answers. Raises AppError when it can't."""

    async def evaluate(self, request: EvaluationRequest) -> Evaluation:
        """Judges one answer without blocking the event loop."""
