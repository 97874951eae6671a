"""SQLite's connection as a unit of work sees it: what it may do, and how long it takes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextvars import Context, copy_context
from math import inf
from time import perf_counter
from typing import Any, Generic, TypeAlias, TypeVar

import structlog

T = TypeVar("T")
Transaction: TypeAlias = sqlite3.Connection
"""What a unit of work is given: it may run statements, but not begin, commit or roll back."""

PART = "part"
"""The one savepoint that a unit of work may make, within itself too."""
SLOW_SECONDS = 0.04
"""A statement or unit of work that takes longer is noted in the log."""

_log = structlog.get_logger(__name__)


_execute = sqlite3.Connection.execute


class _Outcome(Generic[T]):
    """Looks like a cursor to aiosqlite, which then hands `fetchall()` back from its thread."""

    def __init__(self, value: T) -> None:
        self._value = value

    def fetchall(self) -> T:
        return self._value


class UnitConnection(sqlite3.Connection):
    """Lets `execute` take a function in place of a statement, and runs it on this thread.

    A hop to a connection's thread costs several times a keyed read, so a unit of work makes one.
    What takes long is logged by its text, which has placeholders where the values were.
    """

    _statement: object = ""
    _since = inf
    _asker: Context | None = None
    _in_unit = False

    def execute(self, sql: Any, parameters: Any = ()) -> Any:  # noqa: ANN401  sqlite3's own types
        if sql.__class__ is not str:
            return _Outcome(self._run(sql))
        # As `_next` does it: every statement of the app comes by here.
        now = perf_counter()
        if now - self._since > SLOW_SECONDS:
            self._next(sql)
        self._since, self._statement, self._asker = now, sql, copy_context()
        return _execute(self, sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> Any:  # noqa: ANN401  sqlite3's own types
        self._next(sql)
        return super().executemany(sql, parameters)

    def in_snapshot(self, work: Callable[[UnitConnection], T]) -> T:
        """Run `work` so that every statement of it sees the same state."""
        began = perf_counter()
        _execute(self, "BEGIN")
        try:
            return work(self)
        finally:
            self._tell_if_slow(perf_counter() - began)
            if self.in_transaction:
                _execute(self, "ROLLBACK")

    def begin_unit(self) -> float:
        """A unit of work starts, and it is so late."""
        self._in_unit = True
        self._statement = "(before the first statement)"
        self._since = perf_counter()
        return self._since

    def end_unit(self, began: float) -> None:
        """The one that began then ends, and its last statement with it."""
        now = perf_counter()
        self._in_unit = False
        self._tell_if_slow(now - began)
        if now - self._since > SLOW_SECONDS:
            self._next("")
        self._since = inf

    def _tell_if_slow(self, seconds: float) -> None:
        if seconds > SLOW_SECONDS:
            self._note("slow unit of work", ms=_ms(seconds), last=self._statement)

    def refuse_transactions(self) -> None:
        """From now on, let no unit of work begin or end one: it shares one with others."""
        self.set_authorizer(self._allow)

    def _run(self, work: Callable[[UnitConnection], T]) -> T:
        try:
            return work(self)
        except StopIteration as error:
            # No future takes this exception, so whoever waits for it would wait for ever.
            raise RuntimeError("a unit of work raised StopIteration") from error
        finally:
            self._next("")
            self._since = inf

    def _next(self, statement: str) -> None:
        """A statement lasts until the next one, since its rows may be fetched one by one."""
        now = perf_counter()
        if now - self._since > SLOW_SECONDS:
            self._note("slow statement", ms=_ms(now - self._since), sql=self._statement)
        self._since = now
        self._statement = statement
        self._asker = copy_context()

    def _note(self, event: str, **fields: object) -> None:
        """Log it for whoever asked for the last statement: this may be for others already."""
        (self._asker or copy_context()).run(_log.warning, event, **fields)

    def _allow(self, action: int, _: str | None, name: str | None, *__: str | None) -> int:
        ends_unit = action == sqlite3.SQLITE_TRANSACTION or (
            action == sqlite3.SQLITE_SAVEPOINT and name != PART
        )
        refused = self._in_unit and ends_unit
        return sqlite3.SQLITE_DENY if refused else sqlite3.SQLITE_OK


def _ms(seconds: float) -> float:
    return round(seconds * 1_000, 1)
