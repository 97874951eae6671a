"""One SQLite connection on a thread of its own, which runs a whole unit of work in one hop."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar, cast
from urllib.parse import quote

import aiosqlite

from shared_contracts.errors import (
    AppError,
    DatabaseCorruptError,
    DatabaseLockedError,
    ProfileNotWritableError,
    QueryFailedError,
)

T = TypeVar("T")
Transaction: TypeAlias = sqlite3.Connection
"""What a unit of work is given: it may run statements, but not begin, commit or roll back."""

BUSY_TIMEOUT_SECONDS = 5.0
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NOT_WRITABLE = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    # An acknowledged write survives a power cut.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What a person deletes is overwritten, not only unlinked.
    "PRAGMA secure_delete = ON",
)


class _Outcome(Generic[T]):
    """Looks like a cursor to aiosqlite, which then hands `fetchall()` back from its thread."""

    def __init__(self, value: T) -> None:
        self._value = value

    def fetchall(self) -> T:
        return self._value


class _UnitConnection(sqlite3.Connection):
    """Lets `execute` take a function in place of a statement, and runs it on this thread.

    A hop to a connection's thread costs several times a keyed read, so a unit of work makes one.
    """

    def execute(self, sql: Any, parameters: Any = ()) -> Any:  # noqa: ANN401  sqlite3's own types
        if callable(sql):
            return _Outcome(sql(self))
        return super().execute(sql, parameters)


class Connection:
    """An open connection. Errors of SQLite come out as AppErrors."""

    def __init__(self, raw: aiosqlite.Connection) -> None:
        self._raw = raw

    @classmethod
    async def open_writer(cls, path: Path) -> Connection:
        """The one connection that writes and checkpoints; makes the file if there is none."""
        return await cls._open(path, "rwc", _SETTINGS)

    @classmethod
    async def open_reader(cls, path: Path) -> Connection:
        """A connection that can't write. `query_only` alone would still let it checkpoint."""
        return await cls._open(path, "ro", ("PRAGMA query_only = ON",))

    @classmethod
    async def _open(cls, path: Path, mode: str, settings: Sequence[str]) -> Connection:
        try:
            raw = await aiosqlite.connect(
                f"file:{quote(str(path))}?mode={mode}",
                uri=True,
                factory=_UnitConnection,
                isolation_level=None,
                timeout=BUSY_TIMEOUT_SECONDS,
            )
        except sqlite3.Error as error:
            raise translate(error) from error
        connection = cls(raw)
        try:
            await connection.run(lambda tx: [tx.execute(one).fetchall() for one in settings])
        except AppError:
            await connection.close()
            raise
        return connection

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on the connection's thread. Raises its AppErrors, and SQLite's translated."""
        statement = cast("str", work)
        try:
            return cast("T", await self._raw.execute_fetchall(statement))
        except sqlite3.Error as error:
            raise translate(error) from error

    async def close(self) -> None:
        """Close it and end its thread."""
        await self._raw.close()


def translate(error: sqlite3.Error) -> AppError:
    """The AppError that says what SQLite's error means to a person."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    details = {"sqlite": getattr(error, "sqlite_errorname", type(error).__name__)}
    kinds: Iterable[tuple[set[int], type[AppError]]] = (
        (_LOCKED, DatabaseLockedError),
        (_CORRUPT, DatabaseCorruptError),
        (_NOT_WRITABLE, ProfileNotWritableError),
    )
    for codes, kind in kinds:
        if code in codes:
            return kind(details=details)
    return QueryFailedError(f"The database refused the operation: {error}.", details=details)
