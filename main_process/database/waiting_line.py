"""The bounded line in front of the writer: who came first is first, also past the bound."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Generic, TypeVar

from main_process.database.unit_connection import Transaction
from shared_contracts.errors import AppError, QueueFullError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """`size` operations are in line; `waiting` callers more may wait for a place, and so long."""

    size: int = 1_024
    waiting: int = 4_096
    waiting_seconds: float = 5.0


@dataclass(slots=True, eq=False)
class DatabaseOperation(Generic[T]):
    """A unit of work in line, and who waits for it; a large one shares its commit with nobody."""

    operation: Callable[[Transaction], T]
    result: asyncio.Future[T]
    large: bool = False
    patience: asyncio.TimerHandle | None = None
    since: float = field(default_factory=monotonic)

    def fail(self, error: BaseException) -> None:
        """Tell who waits, if somebody still does."""
        if not self.result.done():
            self.result.set_exception(error)


class WaitingLine:
    """What is in line, and behind it those who wait for a place in it."""

    def __init__(self, limits: QueueLimits) -> None:
        self._limits = limits
        self._line: deque[DatabaseOperation[Any]] = deque()
        self._outside: deque[DatabaseOperation[Any]] = deque()

    def __len__(self) -> int:
        """How many wait, in line or for a place."""
        return len(self._line) + len(self._outside)

    def add(self, entry: DatabaseOperation[Any]) -> None:
        """Put it at the end. Raises QueueFullError (DB011) when too many wait for a place."""
        if not self._outside and len(self._line) < self._limits.size:
            self._line.append(entry)
            return
        if len(self._outside) >= self._limits.waiting:
            raise QueueFullError(details=self._how_full())
        self._outside.append(entry)
        entry.patience = entry.result.get_loop().call_later(
            self._limits.waiting_seconds, self._lose_patience, entry
        )

    def take(self, count: int) -> list[DatabaseOperation[Any]]:
        """The first of those that somebody still waits for; they are in line no more.

        There are `count` of them at most, or a large one alone.
        """
        taken: list[DatabaseOperation[Any]] = []
        while self._line and len(taken) < count:
            if taken and (taken[-1].large or self._line[0].large):
                break
            entry = self._line.popleft()
            if not entry.result.done():
                taken.append(entry)
            self._let_in()
        return taken

    def leave(self, entry: DatabaseOperation[Any]) -> None:
        """Take it out of the line, if it is in there."""
        for line in (self._line, self._outside):
            if entry in line:
                line.remove(entry)
        if entry.patience:
            entry.patience.cancel()
        self._let_in()

    def dismiss(self, error: AppError) -> int:
        """Tell everybody that waits that it was for nothing. Returns how many."""
        dismissed = 0
        while taken := self.take(len(self)):
            dismissed += len(taken)
            for entry in taken:
                entry.fail(error)
        return dismissed

    def _let_in(self) -> None:
        while self._outside and len(self._line) < self._limits.size:
            entry = self._outside.popleft()
            if entry.patience:
                entry.patience.cancel()
            self._line.append(entry)

    def _lose_patience(self, entry: DatabaseOperation[Any]) -> None:
        waited = {"waited_seconds": self._limits.waiting_seconds}
        entry.fail(QueueFullError(details=self._how_full() | waited))
        self._outside.remove(entry)

    def _how_full(self) -> dict[str, float]:
        return {"waiting": len(self), "places": self._limits.size}
