"""The plan's DatabaseQueue: writes wait in line for the one writer, and are committed in groups."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, Generic, TypeVar

from main_process.database.connection import Connection, Transaction, translate
from shared_contracts.errors import AppError, QueryFailedError, QueueClosedError

T = TypeVar("T")
GROUP_SIZE = 64
"""How many waiting operations share one commit, and so one fsync."""


@dataclass(slots=True, eq=False)
class DatabaseOperation(Generic[T]):
    """A unit of work in line, and who waits for it."""

    operation: Callable[[Transaction], T]
    result: asyncio.Future[T]


class DatabaseQueue:
    """First in, first out.

    Each caller is answered after its commit is on disk, with its own result or its own error: every
    operation has a savepoint, so that one that fails harms no neighbour.
    """

    def __init__(self, writer: Connection) -> None:
        self._writer = writer
        self._queue: deque[DatabaseOperation[Any]] = deque()
        self._processing: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def depth(self) -> int:
        """How many operations wait."""
        return len(self._queue)

    async def execute(self, operation: Callable[[Transaction], T]) -> T:
        """Run `operation` in a transaction and return its result once that is committed.

        A caller that is cancelled before its turn takes its operation along; later the operation is
        carried out whole. Raises QueueClosedError (DB009), what the operation raises, or a DB code.
        """
        if self._closed:
            raise QueueClosedError
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.append(DatabaseOperation(operation, result))
        self._process_queue()
        return await result

    async def close(self) -> None:
        """Refuse new operations and finish those in line."""
        self._closed = True
        if self._processing is not None:
            await self._processing

    def _process_queue(self) -> None:
        if self._processing is None or self._processing.done():
            self._processing = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        while self._queue:
            group = list(islice(self._queue, GROUP_SIZE))
            for _ in group:
                self._queue.popleft()
            wanted = [entry for entry in group if not entry.result.done()]
            await self._commit(wanted)

    async def _commit(self, group: Sequence[DatabaseOperation[Any]]) -> None:
        try:
            outcomes = await self._writer.run(
                partial(_commit_together, [entry.operation for entry in group])
            )
        except AppError as error:
            outcomes = [(None, error)] * len(group)
        for entry, (value, failure) in zip(group, outcomes, strict=True):
            if entry.result.done():
                continue
            if failure is None:
                entry.result.set_result(value)
            else:
                entry.result.set_exception(failure)


_Result = tuple[Any, Exception | None]


def _commit_together(
    operations: Sequence[Callable[[Transaction], Any]], connection: Transaction
) -> list[_Result]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        results = [_in_savepoint(operation, connection) for operation in operations]
        connection.execute("COMMIT")
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return results


def _in_savepoint(operation: Callable[[Transaction], Any], connection: Transaction) -> _Result:
    """Whatever the operation raises is its own caller's, unless it ended the transaction."""
    connection.execute("SAVEPOINT operation")
    try:
        value = operation(connection)
    except Exception as error:
        if not connection.in_transaction:
            if isinstance(error, sqlite3.Error):
                # A full disk, for one, makes SQLite roll back by itself.
                raise
            message = "An operation ended the transaction that it shares with others."
            raise QueryFailedError(message) from error
        connection.execute("ROLLBACK TO operation")
        connection.execute("RELEASE operation")
        return None, translate(error) if isinstance(error, sqlite3.Error) else error
    connection.execute("RELEASE operation")
    return value, None
