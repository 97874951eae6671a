"""The plan's DatabaseQueue: writes wait in line for the one writer, and are committed in groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Any, TypeVar

import structlog

from main_process.database.unit_connection import Transaction
from main_process.database.waiting_line import DatabaseOperation, QueueLimits, WaitingLine
from main_process.database.writer import Writer
from shared_contracts.errors import QueueClosedError

T = TypeVar("T")
GROUP_SIZE = 64
"""How many waiting operations share one commit, and so one fsync."""
REST_SECONDS = 0.25
"""When nobody has written for so long, what is in the log is brought into the database."""
CLOSE_SECONDS = 10.0

_log = structlog.get_logger(__name__)


class DatabaseQueue:
    """First in, first out.

    Each caller is answered after its commit is on disk, with its own result or its own error: every
    operation has a savepoint, so that one that fails harms no neighbour. An operation may be run
    again after a rollback, so it changes nothing but the database.
    """

    def __init__(self, writer: Writer, limits: QueueLimits | None = None) -> None:
        self._writer = writer
        self._queue = WaitingLine(limits or QueueLimits())
        self._loop = asyncio.get_running_loop()
        self._processing: asyncio.Task[None] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._resting: asyncio.Task[None] | None = None
        self._last_commit = 0.0
        self._closed = False
        self._failed = 0

    @property
    def depth(self) -> int:
        """How many operations wait, those for which there is no place in line yet among them."""
        return len(self._queue)

    async def execute(self, operation: Callable[[Transaction], T], *, large: bool = False) -> T:
        """Run `operation` in a transaction and return its result once that is committed.

        A `large` one, which changes more than memory should hold twice, gets a transaction alone.

        A caller that is cancelled before its turn takes its operation along; later the operation is
        carried out whole. Raises QueueFullError (DB011), QueueClosedError (DB009), what the
        operation raises, or the DB code of what kept it from being written.
        """
        if self._closed:
            raise QueueClosedError
        result: asyncio.Future[T] = self._loop.create_future()
        entry = DatabaseOperation(operation, result, large)
        self._queue.add(entry)
        if self._processing is None:
            self._processing = self._loop.create_task(
                self._process_queue(),
                context=Context(),  # of nobody, since it is for all
            )
        try:
            return await result
        except asyncio.CancelledError:
            self._queue.leave(entry)
            raise

    async def close(self, deadline_seconds: float = CLOSE_SECONDS) -> int:
        """Refuse new operations and finish those in line.

        At the deadline, those not begun are refused, and what runs is broken off unless it is being
        written to the disk; each caller is told. Returns how many were not carried out.
        """
        self._closed = True
        failed_before = self._failed
        if self._processing:
            await asyncio.wait([self._processing], timeout=deadline_seconds)
        self._failed += self._queue.dismiss(QueueClosedError())
        while self._processing and not self._processing.done():
            self._writer.break_off()
            await asyncio.wait([self._processing], timeout=0.05)
        if self._alarm:
            self._alarm.cancel()
        if self._resting:
            await self._resting
        not_written = self._failed - failed_before
        if not_written:
            _log.error("closed before all was written", not_written=not_written)
        return not_written

    async def _process_queue(self) -> None:
        try:
            while group := self._queue.take(GROUP_SIZE):
                await self._commit(group)
        finally:
            self._processing = None
        self._rest_later()

    async def _commit(self, group: Sequence[DatabaseOperation[Any]]) -> None:
        try:
            operations = [entry.operation for entry in group]
            outcomes = await self._writer.commit(
                # Who has waited for a lock already, in line, waits no second time.
                operations,
                large=group[0].large,
                began=group[-1].since,
            )
        except Exception as error:  # noqa: BLE001  whatever it is, the callers wait to hear of it
            self._failed += len(group)
            for entry in group:
                entry.fail(error)
            return
        for entry, (value, failure) in zip(group, outcomes, strict=True):
            if failure is not None:
                entry.fail(failure)
            elif not entry.result.done():
                entry.result.set_result(value)

    def _rest_later(self) -> None:
        self._last_commit = self._loop.time()
        if self._alarm is None and not self._closed:
            self._alarm = self._loop.call_later(REST_SECONDS, self._rest)

    def _rest(self) -> None:
        quiet = self._loop.time() - self._last_commit
        self._alarm = None
        if self._processing is not None:
            return
        if quiet < REST_SECONDS:
            self._alarm = self._loop.call_later(REST_SECONDS - quiet, self._rest)
        else:
            self._resting = self._loop.create_task(self._writer.rest())
