"""One SQLite connection on a thread of its own, which runs a whole unit of work in one hop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import TypeVar, cast
from urllib.parse import quote

import aiosqlite

from main_process.database.unit_connection import UnitConnection
from shared_contracts.errors import (
    AppError,
    DatabaseCorruptError,
    DatabaseLockedError,
    ProfileNotWritableError,
    QueryFailedError,
    QueueClosedError,
)

T = TypeVar("T")
BUSY_TIMEOUT_SECONDS = 5.0
"""How long a lock of another program is waited for, all in all."""
MAX_AGE_SECONDS = 3_600.0
"""A connection is used no longer than this, so that what it gathers goes with it."""
INTERRUPT_SECONDS = 0.02
"""How long an interrupted query may go on before it is interrupted again."""
_ATTEMPT_SECONDS = 0.1
"""How long SQLite itself waits for a lock before it is asked again."""
_CACHED_STATEMENTS = 256
SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What sqlite3 raises; the second when SQLite speaks of damage in the damaged bytes themselves."""
_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
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
    # The pages that a savepoint keeps, to go back to them: in a file they take as long as the
    # writes themselves, and would lie in the system's folder for such files.
    "PRAGMA temp_store = MEMORY",
    # Pages of the write-ahead log. Most are brought over while nobody writes: see write_queue.
    "PRAGMA wal_autocheckpoint = 1000",
    # Bytes the log's file may keep once all of it is in the database.
    "PRAGMA journal_size_limit = 16777216",
)


class Connection:
    """An open connection. Errors of SQLite come out as AppErrors."""

    unit: UnitConnection

    def __init__(self, raw: aiosqlite.Connection) -> None:
        self._raw = raw
        self._opened = monotonic()

    @classmethod
    async def open_writer(cls, path: Path) -> Connection:
        """The one connection that writes and checkpoints; makes the file if there is none."""
        return await cls._open(path, "rwc", _prepare_writer)

    @classmethod
    async def open_reader(cls, path: Path) -> Connection:
        """A connection that can't write. `query_only` alone would still let it checkpoint."""
        return await cls._open(path, "ro", _prepare_reader)

    @classmethod
    async def _open(
        cls, path: Path, mode: str, prepare: Callable[[UnitConnection], UnitConnection]
    ) -> Connection:
        try:
            raw = await aiosqlite.connect(
                f"file:{quote(str(path))}?mode={mode}",
                uri=True,
                factory=UnitConnection,
                isolation_level=None,
                timeout=_ATTEMPT_SECONDS,
                cached_statements=_CACHED_STATEMENTS,
            )
        except SQLITE_ERRORS as error:
            raise translate(error) from error
        connection = cls(raw)
        try:
            connection.unit = await connection.run(prepare)
        except BaseException:
            await connection.close()
            raise
        return connection

    def is_old(self) -> bool:
        """Whether it should be closed at the next opportunity."""
        return monotonic() - self._opened > MAX_AGE_SECONDS

    async def run(self, work: Callable[[UnitConnection], T]) -> T:
        """Run `work` on the connection's thread. Raises its AppErrors, and SQLite's translated.

        A caller that is cancelled leaves the work running: see `settle`.
        """
        statement = cast("str", work)
        try:
            return cast("T", await self._raw.execute_fetchall(statement))
        except SQLITE_ERRORS as error:
            raise translate(error) from error

    async def settle(self) -> None:
        """Break off what still runs for a caller that has gone, and wait until it has ended."""
        ended = asyncio.ensure_future(self.run(lambda _: None))
        while not ended.done():
            # Again and again: between two statements there is nothing to break off.
            self.unit.interrupt()
            await asyncio.wait([ended], timeout=INTERRUPT_SECONDS)

    async def close(self) -> None:
        """Close it and end its thread."""
        await self._raw.close()


def _prepare_writer(connection: UnitConnection) -> UnitConnection:
    for setting in _SETTINGS:
        connection.execute(setting).fetchall()
    connection.refuse_transactions()
    return connection


def _prepare_reader(connection: UnitConnection) -> UnitConnection:
    connection.execute("PRAGMA query_only = ON")
    return connection


def translate(error: sqlite3.Error | UnicodeDecodeError) -> AppError:
    """The AppError that says what SQLite's error means to a person."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode"):
        # The words go on with the text that can't be decoded: that is nobody's business.
        return DatabaseCorruptError(details={"sqlite": "not UTF-8"})
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    details = {"sqlite": getattr(error, "sqlite_errorname", type(error).__name__)}
    kinds: Iterable[tuple[set[int], type[AppError]]] = (
        (_LOCKED, DatabaseLockedError),
        (_CORRUPT, DatabaseCorruptError),
        # Only what is closing, or has nobody waiting for it any more, is interrupted.
        ({sqlite3.SQLITE_INTERRUPT}, QueueClosedError),
    )
    if code in _NOT_WRITABLE:
        return ProfileNotWritableError(
            f"The profile folder can't be written: {error}.", details=details
        )
    for codes, kind in kinds:
        if code in codes:
            return kind(details=details)
    return QueryFailedError(f"The database refused the operation: {error}.", details=details)
