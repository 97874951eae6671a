"""Waits for a lock that another program holds, and says in the end how long it waited."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from main_process.database import connection
from shared_contracts.errors import DatabaseLockedError

T = TypeVar("T")

FIRST_PAUSE_SECONDS = 0.005
LONGEST_PAUSE_SECONDS = 0.25


async def until_unlocked(
    attempt: Callable[[], Awaitable[T]],
    still_wanted: Callable[[], bool] = lambda: True,
    *,
    began: float | None = None,
) -> T:
    """What `attempt` returns, made again as long as it meets a lock and there is time.

    The time is counted from `began` (monotonic, in seconds), by default from now. Raises
    DatabaseLockedError (DB001) with how long it waited and how often it tried.
    """
    began = time.monotonic() if began is None else began
    attempts = 0
    pause = FIRST_PAUSE_SECONDS
    while True:
        attempts += 1
        try:
            return await attempt()
        except DatabaseLockedError as error:
            waited = time.monotonic() - began
            if waited + pause > connection.BUSY_TIMEOUT_SECONDS or not still_wanted():
                details = {"waited_seconds": round(waited, 2), "attempts": attempts}
                raise DatabaseLockedError(details=details | (error.details or {})) from error
        # A part by chance, so that two programs don't meet at the same moment again and again.
        await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  no secret
        pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
