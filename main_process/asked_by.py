"""Which request put an evaluation in line, so that what is logged of it can be put together."""

from __future__ import annotations

from uuid import UUID

from shared_contracts.request_ids import current

_KEPT = 1_000
"""Older work is done under an id of its own."""


class AskedBy:
    """Knows it as long as the app runs."""

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
