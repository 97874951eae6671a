"""What an interviewer would ask next, made of what an answer left out and what the bank has."""

from __future__ import annotations

from collections.abc import Sequence

from shared_contracts.evaluation import FollowUp, KeyPointResult
from shared_contracts.questions import Question

MOST = 4
MOST_OF_POINTS = 2
"""More of them is an examination."""
_OPEN = 'Your answer left this out: "{}" Explain it in your own words, and why it matters here.'
_HALF = 'You touched on this: "{}" Go a step further: explain how it works, with an example.'


def propose(question: Question, points: Sequence[KeyPointResult]) -> tuple[FollowUp, ...]:
    """What is missing first, then what was half said, then what the question brings along."""
    left = [point for point in points if point.coverage == "missing"]
    half = [point for point in points if point.coverage == "partly"]
    of_points = [_about(point) for point in (*left, *half)][:MOST_OF_POINTS]
    of_bank = [FollowUp(prompt=prompt) for prompt in question.follow_ups]
    return tuple([*of_points, *of_bank][:MOST])


def _about(point: KeyPointResult) -> FollowUp:
    words = _OPEN if point.coverage == "missing" else _HALF
    return FollowUp(prompt=words.format(point.key_point), key_point=point.key_point)
