"""The Database Manager: one writer behind the queue, and a pool of readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import copy_context
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from main_process.database.check import check_at_next_start
from main_process.database.migrate import migrate
from main_process.database.pool import ReaderPool
from main_process.database.unit_connection import Transaction
from main_process.database.write_queue import DatabaseQueue
from main_process.database.writer import Writer
from shared_contracts.errors import (
    AppError,
    ConflictError,
    DatabaseCorruptError,
    DatabaseLockedError,
    NotErasedError,
    NotFoundError,
)
from shared_contracts.meter import Meter

T = TypeVar("T")


class DatabaseManager:
    """Runs units of work: functions of a connection, called on the connection's own thread."""

    def __init__(self, path: Path, writer: Writer, readers: ReaderPool) -> None:
        self._path = path
        self._writer = writer
        self._readers = readers
        self.queue = DatabaseQueue(writer)
        self.meter = Meter()
        """Counts units of work and the time their callers wait for them."""

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[DatabaseManager]:
        """Open the file, brought up to date, and close it when done: the writer last.

        Raises NewerDatabaseError (DB003), MigrationFailedError (DB004), ProfileNotWritableError
        (DB005) or DatabaseCorruptError (DB008).
        """
        await asyncio.to_thread(migrate, path)
        async with AsyncExitStack() as stack:
            writer = Writer(path)
            stack.push_async_callback(writer.close)
            await writer.open()
            readers = ReaderPool(path)
            stack.push_async_callback(readers.close)
            await readers.open()
            manager = cls(path, writer, readers)
            stack.push_async_callback(manager.queue.close)
            yield manager

    @property
    def connections(self) -> int:
        """How many are open, the writer among them."""
        return self._readers.size + self._writer.is_open

    async def write(self, work: Callable[[Transaction], T], *, large: bool = False) -> T:
        """Run `work` in a transaction; it is on disk when this returns. Raises as the queue does.

        All that repositories do in it is done together or not at all; `savepoint` makes a part of
        it that can fail alone. `large` says that it may change a great part of the database.
        """
        started = perf_counter()
        try:
            result = await self.queue.execute(_as_now(work), large=large)
        except BaseException as error:
            self._count_failure(perf_counter() - started, error)
            raise
        self.meter.record(perf_counter() - started)
        return result

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a reader, which sees everything committed before. Raises as the pool does.

        It may be run again when it met a lock.
        """
        started = perf_counter()
        try:
            result = await self._readers.run(_as_now(work))
        except BaseException as error:
            self._count_failure(perf_counter() - started, error)
            raise
        self.meter.record(perf_counter() - started)
        return result

    def _count_failure(self, seconds: float, error: BaseException) -> None:
        """What the rules of a unit of work refuse is no failure of the database."""
        if isinstance(error, DatabaseCorruptError):
            check_at_next_start(self._path)
        is_rule = isinstance(error, ConflictError | NotFoundError)
        is_ours = isinstance(error, AppError) and error.code.startswith("DB") and not is_rule
        self.meter.record(seconds, "error" if is_ours else "ok")

    async def erase_free_space(self) -> None:
        """Rewrite the file without its free pages and empty the write-ahead log.

        Raises NotErasedError (DB010) when another program keeps the old pages in use.
        """
        try:
            await self._writer.vacuum()
            await self._writer.run(_empty_log)
        except DatabaseLockedError as error:
            raise NotErasedError from error


def _as_now(work: Callable[[Transaction], T]) -> Callable[[Transaction], T]:
    """On a connection's thread, too, what is logged belongs to the request of who asked."""
    context = copy_context()
    return lambda tx: context.run(work, tx)


def _empty_log(connection: Transaction) -> None:
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise DatabaseLockedError
