"""The statements that our units of work run, noted while they run, so that peers do the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from main_process.database import Transaction


class Statement(NamedTuple):
    """SQL and its values."""

    sql: str
    values: tuple[Any, ...]


Unit: TypeAlias = tuple[Statement, ...]
"""What belongs into one transaction."""
Work: TypeAlias = Callable[[Transaction], object]


class _NotingConnection(sqlite3.Connection):
    noted: list[Statement]

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:  # noqa: ANN401
        self.noted.append(Statement(sql, tuple(parameters)))
        return super().execute(sql, parameters)


class Noter:
    """Does our work on a file and undoes it, to know its statements."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, factory=_NotingConnection)

    def units(self, works: Iterable[Work]) -> list[Unit]:
        """The statements of each."""
        self._connection.noted = []
        self._connection.execute("BEGIN")
        try:
            return [self._unit(work) for work in works]
        finally:
            self._connection.execute("ROLLBACK")

    def unit(self, work: Work) -> Unit:
        """The statements of one."""
        return self.units([work])[0]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _unit(self, work: Work) -> Unit:
        self._connection.noted = []
        work(self._connection)
        return tuple(self._connection.noted)
