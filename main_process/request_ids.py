"""The id of the request that is being answered, and that of the one which put work in line."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

import structlog

HEADER = "X-Request-Id"
"""What the id is called on its way to another service."""
_KEPT = 1_000
"""Older work is done under an id of its own."""


def current() -> str:
    """The id that is bound now; empty outside of any request."""
    return str(structlog.contextvars.get_contextvars().get("request", ""))


def in_header() -> str:
    """The current id as a header may hold it: whoever asks may have chosen anything."""
    return quote(current())


class AskedBy:
    """Which request the evaluation of an answer goes back to, as long as the app runs."""

    def __init__(self) -> None:
        self._requests: dict[UUID, str] = {}

    def note(self, answer_id: UUID) -> None:
        """The current request wants this answer judged."""
        self._requests.pop(answer_id, None)
        self._requests[answer_id] = current()
        if len(self._requests) > _KEPT:
            del self._requests[next(iter(self._requests))]

    def of(self, answer_id: UUID) -> str:
        """The request's id; one made of the answer's where no request is known."""
        return self._requests.get(answer_id) or f"answer-{answer_id}"
