"""Makes backups while the app runs: every hour if something changed, when asked, and at the end."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import structlog

from main_process import backups
from main_process.database.copies import Stop
from main_process.events import EventBus
from shared_contracts.backups import Backup, Why
from shared_contracts.errors import AppError

T = TypeVar("T")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When backups are made by themselves, in seconds after the start, after each, at the end."""

    first_seconds: float = 60.0
    every_seconds: float = 3_600.0
    closing_seconds: float = 1.0
    """The end of a run is held up no longer than this; what didn't fit in is made after a start."""


class BackupSchedule:
    """One heavy work at a time: backups, and whatever else reads the whole database."""

    def __init__(self, database: Path, events: EventBus, rhythm: Rhythm | None = None) -> None:
        self.database = database
        self.problem: AppError | None = None
        """Why the last one wasn't made."""
        self.turn = asyncio.Lock()
        """Held while one works; who deletes everything holds it too, so that no copy is left."""
        self._events = events
        self._rhythm = rhythm or Rhythm()
        self._closing = threading.Event()

    async def run(self) -> None:
        """Make them by and by, for as long as the app runs."""
        await asyncio.sleep(self._rhythm.first_seconds)
        while True:
            if await self.in_turn(lambda _: backups.is_changed(self.database)):
                await self._try("schedule")
            await asyncio.sleep(self._rhythm.every_seconds)

    async def make(self, why: Why) -> Backup:
        """Make one now. Raises BackupFailedError (DB013) or DatabaseCorruptError (DB008)."""
        try:
            made = await self.in_turn(lambda stop: backups.make(self.database, why, stop))
        except AppError as error:
            if not self._closing.is_set():
                self._tell(error)
            raise
        self._tell(None)
        self._events.changed("backups")
        return made

    async def in_turn(self, work: Callable[[Stop], T]) -> T:
        """Run `work` in a thread, when nobody else's is under way.

        It is told to stop when the app closes or the caller is cancelled, and is waited for.
        """
        async with self.turn:
            given_up = threading.Event()
            running = asyncio.create_task(
                asyncio.to_thread(work, lambda: given_up.is_set() or self._closing.is_set())
            )
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                given_up.set()
                await asyncio.wait([running])
                if not running.cancelled() and (error := running.exception()):
                    _log.info("work broken off", error=type(error).__name__)
                raise

    def stop(self) -> None:
        """Break off what is under way, so that nobody waits for it when the app closes."""
        self._closing.set()

    async def aclose(self) -> None:
        """Make the last one, if something changed and there is time."""
        self.stop()
        async with self.turn:
            await asyncio.to_thread(self._make_last)

    def _make_last(self) -> None:
        limit = self._rhythm.closing_seconds
        if not backups.is_changed(self.database):
            return
        if backups.seconds_needed(self.database) > limit:
            _log.info("no backup at the end: it would take too long", limit_seconds=limit)
            return
        until = time.monotonic() + limit
        try:
            backups.make(self.database, "closing", lambda: time.monotonic() > until)
        except AppError as error:
            _log.warning("no backup at the end", code=error.code, details=error.details)

    async def _try(self, why: Why) -> None:
        try:
            await self.make(why)
        except AppError as error:
            _log.warning("no backup", code=error.code, details=error.details)

    def _tell(self, problem: AppError | None) -> None:
        """A person sees it on every screen until one is made."""
        if problem or self.problem:
            self.problem = problem
            self._events.changed("health")
