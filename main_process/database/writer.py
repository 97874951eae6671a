"""The one connection that writes and checkpoints, opened anew when it can't be trusted any more."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import structlog

from main_process.database.connection import Connection
from main_process.database.group_commit import Outcome, commit_together
from main_process.database.lock_retry import until_unlocked
from main_process.database.unit_connection import Transaction, UnitConnection
from shared_contracts.errors import AppError, DatabaseLockedError

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class Writer:
    """Never two at once: SQLite before 3.51.3 can damage a file that two connections checkpoint.

    Source: https://sqlite.org/wal.html#walresetbug
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()
        self._broken_off = False

    @property
    def is_open(self) -> bool:
        """Whether there is a connection at this moment."""
        return self._connection is not None

    async def open(self) -> None:
        """Open the connection. Raises DatabaseLockedError and what SQLite says."""
        async with self._turn:
            connection = await until_unlocked(self._open)
            journal = await connection.run(_journal_mode)
        _log.info("database opened", sqlite=sqlite3.sqlite_version, journal=journal)

    async def commit(
        self,
        operations: Sequence[Callable[[Transaction], Any]],
        *,
        large: bool = False,
        began: float | None = None,
    ) -> list[Outcome]:
        """Carry them out in one transaction; on disk when this returns.

        When this raises, nothing of any of them was written. What SQLite keeps of a `large` one, to
        be able to undo it, is not held in memory. For a lock it waits as `until_unlocked` does.
        """
        work = partial(commit_together, operations)
        return await self.run(partial(_with_files, work) if large else work, began=began)

    async def vacuum(self) -> None:
        """Rewrite the database without its free pages, by way of a second file."""
        await self.run(partial(_with_files, lambda tx: tx.execute("VACUUM")))

    async def run(self, work: Callable[[UnitConnection], T], *, began: float | None = None) -> T:
        """Run `work` outside a transaction. It is run again when it met a lock."""

        async def attempt() -> T:
            connection = self._connection or await self._open()
            return await connection.run(work)

        async with self._turn:
            try:
                return await until_unlocked(attempt, lambda: not self._broken_off, began=began)
            except DatabaseLockedError:
                raise
            except Exception as error:
                # What state the connection is in after this is not worth finding out.
                _log.warning("writer opened anew", reason=_name(error))
                await self._give_up()
                raise

    async def checkpoint(self, mode: str = "PASSIVE") -> None:
        """Bring what is in the write-ahead log into the database file, as far as nobody reads it.

        A failure loses nothing, since the log keeps what it has; it is noted.
        """
        try:
            busy, pages, done = await self.run(partial(_checkpoint, mode))
        except AppError as error:
            _log.warning("not checkpointed", code=error.code, details=error.details)
        else:
            _log.debug("checkpointed", mode=mode, busy=busy, pages=pages, done=done)

    async def rest(self) -> None:
        """Use the time in which nobody writes: checkpoint, and let an old connection go."""
        await self.checkpoint()
        async with self._turn:
            if self._connection and self._connection.is_old():
                await self._give_up()

    def break_off(self) -> None:
        """End the statement that runs, and wait for no lock; what the disk is writing goes on."""
        self._broken_off = True
        if self._connection:
            self._connection.unit.interrupt()

    async def close(self) -> None:
        """Leave a database without a log, and end the connection."""
        if self._connection:
            await self.checkpoint("TRUNCATE")
        async with self._turn:
            await self._give_up()

    async def _open(self) -> Connection:
        self._connection = await Connection.open_writer(self._path)
        return self._connection

    async def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            await connection.close()


def _with_files(work: Callable[[UnitConnection], T], connection: UnitConnection) -> T:
    """Run `work` while temporary data goes to files: it may be as much as the database."""
    connection.execute("PRAGMA temp_store = FILE")
    try:
        return work(connection)
    finally:
        connection.execute("PRAGMA temp_store = MEMORY")


def _checkpoint(mode: str, connection: Transaction) -> tuple[int, int, int]:
    row: tuple[int, int, int] = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    return row


def _journal_mode(connection: Transaction) -> str:
    return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


def _name(error: Exception) -> str:
    return str(error.code) if isinstance(error, AppError) else type(error).__name__
