"""Backups are made by themselves, one at a time, and the end of a run isn't held up."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from main_process import backup_schedule, backups
from main_process.backup_schedule import BackupSchedule, Rhythm
from main_process.database import copies
from main_process.events import EventBus
from shared_contracts.envelope import Event
from shared_contracts.errors import BackupFailedError, DatabaseCorruptError
from tests.damage import break_page

AT_ONCE = Rhythm(first_seconds=0, every_seconds=0)


class Heard:
    """Who listens to the app's events, and can wait for one."""

    def __init__(self, events: EventBus) -> None:
        self.topics: asyncio.Queue[str] = asyncio.Queue()
        events.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        self.topics.put_nowait(event.topic)

    async def until(self, topic: str) -> None:
        async with asyncio.timeout(10):
            while await self.topics.get() != topic:
                pass


@pytest.fixture
def events() -> EventBus:
    return EventBus()


@pytest.fixture
def make_schedule(database_file: Path, events: EventBus) -> Callable[..., BackupSchedule]:
    def make(rhythm: Rhythm = AT_ONCE) -> BackupSchedule:
        return BackupSchedule(database_file, events, rhythm)

    return make


def change(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as plain:
        (count,) = plain.execute("SELECT count(*) FROM workspaces").fetchone()
        owner = bytes([count])
        plain.execute("INSERT INTO workspaces VALUES (?, 0)", (owner,))
        row = (owner, owner, owner, count + 1, owner)
        plain.execute("INSERT INTO change_log VALUES (?, ?, ?, ?, 'answers', ?, 'x', '[]', 0)", row)


async def cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_one_is_made_soon_and_another_only_after_a_change(
    make_schedule: Callable[..., BackupSchedule], database_file: Path, events: EventBus
) -> None:
    heard, asked = Heard(events), asyncio.Event()
    running = asyncio.create_task(make_schedule().run())
    await heard.until("backups")
    (first,) = backups.listed(database_file)
    assert first.why == "schedule"
    change(database_file)
    await heard.until("backups")
    assert len(backups.listed(database_file)) == 2
    assert not asked.is_set()
    await cancelled(running)
    assert not backups.is_changed(database_file)


async def test_one_that_fails_is_a_problem_until_one_is_made(
    make_schedule: Callable[..., BackupSchedule],
    database_file: Path,
    events: EventBus,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard, schedule = Heard(events), make_schedule()
    usage = shutil.disk_usage(database_file.parent)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1))
        running = asyncio.create_task(schedule.run())
        await heard.until("health")
        assert isinstance(schedule.problem, BackupFailedError)
        assert backups.listed(database_file) == []
    await heard.until("health")
    assert schedule.problem is None
    assert len(backups.listed(database_file)) == 1
    await cancelled(running)


async def test_a_damaged_database_is_a_problem_as_well(
    make_schedule: Callable[..., BackupSchedule], database_file: Path
) -> None:
    break_page(database_file, "workspaces")
    schedule = make_schedule()
    with pytest.raises(DatabaseCorruptError):
        await schedule.make("asked")
    assert isinstance(schedule.problem, DatabaseCorruptError)


async def test_two_are_made_one_after_the_other(
    make_schedule: Callable[..., BackupSchedule],
) -> None:
    schedule = make_schedule()
    under_way, most = 0, 0

    def work(_: Callable[[], bool]) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        under_way -= 1

    await asyncio.gather(*(schedule.in_turn(work) for _ in range(20)))
    assert most == 1


async def test_a_caller_that_is_cancelled_stops_the_work_and_sees_it_end(
    make_schedule: Callable[..., BackupSchedule],
) -> None:
    schedule = make_schedule()
    begun, ended = threading.Event(), threading.Event()

    def work(stop: Callable[[], bool]) -> None:
        begun.set()
        while not stop():
            pass
        ended.set()
        raise BackupFailedError

    task = asyncio.create_task(schedule.in_turn(work))
    assert await asyncio.to_thread(begun.wait, 10)
    await cancelled(task)
    assert ended.is_set()
    assert not schedule.turn.locked()


async def test_closing_breaks_off_what_is_under_way_and_makes_the_last_one(
    make_schedule: Callable[..., BackupSchedule], database_file: Path, events: EventBus
) -> None:
    heard, schedule = Heard(events), make_schedule(Rhythm())
    begun = threading.Event()

    def work(stop: Callable[[], bool]) -> None:
        begun.set()
        while not stop():
            pass
        raise BackupFailedError

    task = asyncio.create_task(schedule.in_turn(work))
    assert await asyncio.to_thread(begun.wait, 10)
    await schedule.aclose()
    with pytest.raises(BackupFailedError):
        await task
    assert [each.why for each in backups.listed(database_file)] == ["closing"]
    assert schedule.problem is None
    assert heard.topics.empty()


async def test_closing_makes_none_when_nothing_changed(
    make_schedule: Callable[..., BackupSchedule], database_file: Path
) -> None:
    made = backups.make(database_file, "asked")
    await make_schedule().aclose()
    assert backups.listed(database_file) == [made]


async def test_closing_tries_none_that_the_last_time_took_too_long(
    make_schedule: Callable[..., BackupSchedule],
    database_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backups.make(database_file, "asked")
    change(database_file)
    monkeypatch.setattr(backups, "seconds_needed", lambda _: 1.1)
    await make_schedule(Rhythm()).aclose()
    assert len(backups.listed(database_file)) == 1


async def test_closing_gives_up_when_its_time_is_over(
    make_schedule: Callable[..., BackupSchedule], database_file: Path
) -> None:
    await make_schedule(Rhythm(closing_seconds=0)).aclose()
    assert backups.listed(database_file) == []
    assert list(copies.folder_of(database_file).iterdir()) == []


async def test_a_request_that_is_broken_off_by_closing_is_no_problem_of_health(
    make_schedule: Callable[..., BackupSchedule],
) -> None:
    schedule = make_schedule()
    schedule.stop()
    with pytest.raises(BackupFailedError):
        await schedule.make("asked")
    assert schedule.problem is None
    assert backup_schedule.Rhythm().closing_seconds <= 1
