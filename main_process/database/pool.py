"""The connections that read, beside the one that writes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from main_process.database.connection import INTERRUPT_SECONDS, Connection
from main_process.database.lock_retry import until_unlocked
from main_process.database.unit_connection import Transaction, UnitConnection
from shared_contracts.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    ProfileNotWritableError,
    QueueClosedError,
    ReaderTimeoutError,
)

T = TypeVar("T")

_UNTRUSTED = (DatabaseCorruptError, ProfileNotWritableError)
"""After these (damage, input and output) a reader is closed, and the next one opens the file."""


@dataclass(frozen=True, slots=True)
class PoolLimits:
    """Two readers serve two cores best; more are slower: the interpreter's lock is taken per row.

    `acquire_seconds` is how long a read may wait for one.
    """

    readers: int = 2
    acquire_seconds: float = 5.0


class ReaderPool:
    """Opens a reader when it is needed and none is idle, up to its size."""

    def __init__(self, path: Path, limits: PoolLimits | None = None) -> None:
        self._path = path
        self._limits = limits or PoolLimits()
        self._places = asyncio.Semaphore(self._limits.readers)
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def size(self) -> int:
        """How many readers are open."""
        return len(self._open)

    async def open(self) -> None:
        """Open one reader, to see that the file can be read. Raises what SQLite says."""
        await self.run(lambda tx: tx.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` on a reader, which sees everything committed before.

        A caller that is cancelled ends its query. Raises ReaderTimeoutError (DB012),
        DatabaseLockedError (DB001), what the work raises, or what SQLite says.
        """
        reader = await self._acquire()

        def in_snapshot(unit: UnitConnection) -> T:
            return unit.in_snapshot(work)

        try:
            try:
                result = await reader.run(in_snapshot)
            except DatabaseLockedError:
                result = await until_unlocked(lambda: reader.run(in_snapshot))
        except asyncio.CancelledError:
            # The work still runs on the reader's thread.
            self._start(self._settle(reader))
            raise
        except BaseException as error:
            self._release(reader, trusted=not isinstance(error, _UNTRUSTED))
            raise
        self._release(reader)
        return result

    async def close(self) -> None:
        """Refuse further reads, break off those that run, and close all readers."""
        self._closed = True
        places = asyncio.gather(*(self._places.acquire() for _ in range(self._limits.readers)))
        while not places.done():
            for reader in self._open - set(self._idle):
                reader.unit.interrupt()
            await asyncio.wait([places], timeout=INTERRUPT_SECONDS)
        while self._idle:
            await self._close(self._idle.pop())
        for _ in range(self._limits.readers):
            self._places.release()

    async def _acquire(self) -> Connection:
        if self._places.locked():
            await self._wait_for_a_place()
        else:
            await self._places.acquire()
        try:
            if self._closed:
                raise QueueClosedError
            if self._idle:
                return self._idle.pop()
            reader = await until_unlocked(partial(Connection.open_reader, self._path))
        except BaseException:
            self._places.release()
            raise
        self._open.add(reader)
        return reader

    async def _wait_for_a_place(self) -> None:
        began = monotonic()
        try:
            async with asyncio.timeout(self._limits.acquire_seconds):
                await self._places.acquire()
        except TimeoutError as error:
            details = {"waited_seconds": round(monotonic() - began, 2), "readers": self.size}
            raise ReaderTimeoutError(details=details) from error

    def _release(self, reader: Connection, *, trusted: bool = True) -> None:
        if trusted and not self._closed and not reader.is_old():
            self._idle.append(reader)
            self._places.release()
        else:
            self._start(self._retire(reader))

    async def _settle(self, reader: Connection) -> None:
        await reader.settle()
        self._release(reader)

    async def _retire(self, reader: Connection) -> None:
        try:
            await self._close(reader)
        finally:
            self._places.release()

    async def _close(self, reader: Connection) -> None:
        self._open.discard(reader)
        await reader.close()

    def _start(self, ending: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(ending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
