"""A lock is waited for as long as it may take, and the error says how long that was."""

from __future__ import annotations

import asyncio
import time

import pytest

from main_process.database import connection
from main_process.database.lock_retry import until_unlocked
from shared_contracts.errors import DatabaseLockedError, NotFoundError


class Attempts:
    """Meets a lock so many times, then succeeds."""

    def __init__(self, locked: int) -> None:
        self.made = 0
        self._locked = locked

    async def __call__(self) -> str:
        self.made += 1
        if self.made <= self._locked:
            raise DatabaseLockedError(details={"sqlite": "SQLITE_BUSY"})
        return "done"


@pytest.fixture(autouse=True)
def little_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_SECONDS", 0.1)


@pytest.mark.parametrize("locked", [0, 1, 3])
async def test_it_tries_again_until_the_lock_is_gone(locked: int) -> None:
    attempts = Attempts(locked)
    assert await until_unlocked(attempts) == "done"
    assert attempts.made == locked + 1


async def test_it_gives_up_in_time_and_says_what_it_tried() -> None:
    attempts = Attempts(1_000)
    with pytest.raises(DatabaseLockedError) as caught:
        await until_unlocked(attempts)
    details = caught.value.details
    assert details["attempts"] == attempts.made > 2
    assert details["waited_seconds"] > 0
    assert details["sqlite"] == "SQLITE_BUSY"


async def test_who_has_waited_in_line_waits_no_second_time() -> None:
    attempts = Attempts(1_000)
    with pytest.raises(DatabaseLockedError) as caught:
        await until_unlocked(attempts, began=time.monotonic() - 7)
    assert attempts.made == 1
    assert caught.value.details["waited_seconds"] >= 7


async def test_it_tries_no_more_when_nobody_wants_it() -> None:
    attempts = Attempts(1_000)
    with pytest.raises(DatabaseLockedError):
        await until_unlocked(attempts, lambda: attempts.made < 2)
    assert attempts.made == 2


async def test_any_other_error_is_raised_at_once() -> None:
    async def attempt() -> None:
        raise NotFoundError

    with pytest.raises(NotFoundError):
        await until_unlocked(attempt)


async def test_who_is_cancelled_while_it_waits_waits_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_SECONDS", 3_600)
    attempts = Attempts(1_000_000)
    waiting = asyncio.ensure_future(until_unlocked(attempts))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert attempts.made == 1
