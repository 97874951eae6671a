"""The Database Manager: one writer behind the queue, and a pool of readers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from main_process.database.connection import Connection, Transaction
from main_process.database.migrate import migrate
from main_process.database.write_queue import DatabaseQueue
from shared_contracts.errors import DatabaseLockedError, NotErasedError

T = TypeVar("T")
READERS = 2
"""Two serve two cores best; more are slower, since the interpreter's lock is taken per row."""

__all__ = ["DatabaseManager", "Transaction"]


class DatabaseManager:
    """Runs units of work: functions of a connection, called on the connection's own thread."""

    def __init__(self, writer: Connection, readers: list[Connection]) -> None:
        self._writer = writer
        self.queue = DatabaseQueue(writer)
        self._idle: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for reader in readers:
            self._idle.put_nowait(reader)

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncIterator[DatabaseManager]:
        """Open the file, brought up to date, and close it when done: the writer last.

        Raises NewerDatabaseError (DB003), MigrationFailedError (DB004), ProfileNotWritableError
        (DB005) or DatabaseCorruptError (DB008).
        """
        await asyncio.to_thread(migrate, path)
        async with AsyncExitStack() as stack:
            writer = await Connection.open_writer(path)
            stack.push_async_callback(writer.close)
            readers = []
            for _ in range(READERS):
                readers.append(await Connection.open_reader(path))
                stack.push_async_callback(readers[-1].close)
            manager = cls(writer, readers)
            stack.push_async_callback(manager.queue.close)
            yield manager

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in a transaction; it is on disk when this returns."""
        return await self.queue.execute(work)

    async def read(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a reader, which sees everything committed before."""
        reader = await self._idle.get()
        try:
            return await reader.run(partial(_in_snapshot, work))
        finally:
            self._idle.put_nowait(reader)

    async def erase_free_space(self) -> None:
        """Rewrite the file without its free pages and empty the write-ahead log.

        Raises NotErasedError (DB010) when another program keeps the old pages in use.
        """
        try:
            await self._writer.run(_vacuum)
        except DatabaseLockedError as error:
            raise NotErasedError from error


def _in_snapshot(work: Callable[[Transaction], T], connection: Transaction) -> T:
    """Every statement of `work` sees the same state."""
    connection.execute("BEGIN")
    try:
        return work(connection)
    finally:
        connection.execute("ROLLBACK")


def _vacuum(connection: Transaction) -> None:
    connection.execute("VACUUM")
    (busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise NotErasedError
