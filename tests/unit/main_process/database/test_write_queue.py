"""Writes wait in line: each caller gets its own outcome once it is on disk."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.database import connection as connection_module
from main_process.database import write_queue
from main_process.database.group_commit import Outcome
from main_process.database.unit_connection import Transaction
from main_process.database.waiting_line import QueueLimits
from main_process.database.write_queue import GROUP_SIZE, DatabaseQueue
from main_process.database.writer import Writer
from shared_contracts.errors import (
    ConflictError,
    DatabaseLockedError,
    ProfileNotWritableError,
    QueryFailedError,
    QueueClosedError,
    QueueFullError,
)
from tests.locker import locked


class Open(NamedTuple):
    """A queue, and the file that it writes."""

    queue: DatabaseQueue
    path: Path

    def stored(self) -> list[int]:
        """What another program finds on disk, in the order it was written."""
        with closing(sqlite3.connect(self.path)) as plain:
            rows = plain.execute("SELECT value FROM numbers ORDER BY place").fetchall()
        return [value for (value,) in rows]


@asynccontextmanager
async def open_queue(folder: Path, limits: QueueLimits | None = None) -> AsyncIterator[Open]:
    path = folder / "numbers.db"
    writer = Writer(path)
    queue = DatabaseQueue(writer, limits)
    try:
        await queue.execute(
            lambda tx: tx.execute("CREATE TABLE numbers (place INTEGER PRIMARY KEY, value UNIQUE)")
        )
        yield Open(queue, path)
    finally:
        await queue.close()
        await writer.close()


@pytest.fixture
async def it(tmp_path: Path) -> AsyncIterator[Open]:
    async with open_queue(tmp_path) as it:
        yield it


def put(value: int) -> Callable[[Transaction], int]:
    def work(tx: Transaction) -> int:
        tx.execute("INSERT INTO numbers (value) VALUES (?)", (value,))
        return value

    return work


def put_and_fail(value: int, error: Exception) -> Callable[[Transaction], int]:
    def work(tx: Transaction) -> int:
        put(value)(tx)
        raise error

    return work


class Case(NamedTuple):
    """An operation for a number, and what its caller gets: a type and the words or values in it."""

    work: Callable[[int], Callable[[Transaction], object]]
    outcome: type
    says: Callable[[int], str]


def put_twice(value: int) -> Callable[[Transaction], int]:
    return lambda tx: put(value)(tx) + put(value)(tx)


def ask_nothing(value: int) -> Callable[[Transaction], object]:
    return lambda tx: tx.execute(f"SELECT nothing_{value}")


CASES = {
    "written": Case(put, int, str),
    "refused": Case(
        lambda n: put_and_fail(n, ConflictError(f"no {n}")), ConflictError, "no {}".format
    ),
    "mistaken": Case(lambda n: put_and_fail(n, KeyError(n)), KeyError, str),
    "repeated": Case(put_twice, QueryFailedError, lambda _: "UNIQUE"),
    "bad statement": Case(ask_nothing, QueryFailedError, "no such column: nothing_{}.".format),
    "cancelled": Case(put, asyncio.CancelledError, lambda _: ""),
}


@given(st.lists(st.sampled_from(list(CASES)), max_size=2 * GROUP_SIZE))
async def test_each_caller_gets_its_own_outcome_in_order(names: list[str]) -> None:
    """First in, first out; one that fails harms no neighbour; what is told is on disk."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_queue(Path(folder)) as it:
            calls = [
                asyncio.ensure_future(it.queue.execute(CASES[name].work(number)))
                for number, name in enumerate(names)
            ]
            for call in (c for c, n in zip(calls, names, strict=True) if n == "cancelled"):
                call.cancel()
            outcomes = await asyncio.gather(*calls, return_exceptions=True)
            stored = it.stored()
    assert stored == [number for number, name in enumerate(names) if name == "written"]
    for number, (name, outcome) in enumerate(zip(names, outcomes, strict=True)):
        assert type(outcome) is CASES[name].outcome
        assert CASES[name].says(number) in str(outcome)


async def test_a_group_is_committed_together_and_then_everybody_is_told(it: Open) -> None:
    commits: list[str] = []
    await it.queue.execute(lambda tx: tx.set_trace_callback(commits.append))
    commits.clear()
    await asyncio.gather(*(it.queue.execute(put(number)) for number in range(GROUP_SIZE)))
    await it.queue.execute(lambda tx: tx.set_trace_callback(None))
    assert sum(statement.startswith("COMMIT") for statement in commits) == 1
    assert it.stored() == list(range(GROUP_SIZE))


class Held:
    """An operation that writes a number, waits until it is let go, and writes another."""

    def __init__(self, queue: DatabaseQueue, before: int, after: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._values = before, after
        self.began = asyncio.Event()
        self.go = threading.Event()
        self.call = asyncio.create_task(queue.execute(self._work))

    def _work(self, tx: Transaction) -> None:
        before, after = self._values
        put(before)(tx)
        self._loop.call_soon_threadsafe(self.began.set)
        assert self.go.wait(10)
        put(after)(tx)


async def hold(queue: DatabaseQueue, before: int = -2, after: int = -1) -> Held:
    """Keep the writer busy."""
    held = Held(queue, before, after)
    await asyncio.wait_for(held.began.wait(), 10)
    return held


async def put_in_line(queue: DatabaseQueue, *values: int) -> list[asyncio.Task[int]]:
    """Calls that have taken their places."""
    calls = [asyncio.create_task(queue.execute(put(value))) for value in values]
    await asyncio.sleep(0)
    return calls


async def test_an_operation_cancelled_before_its_turn_is_not_carried_out(it: Open) -> None:
    held = await hold(it.queue)
    calls = await put_in_line(it.queue, 0, 1, 2)
    assert it.queue.depth == 3
    calls[1].cancel()
    await asyncio.sleep(0)
    assert it.queue.depth == 2
    held.go.set()
    await asyncio.gather(held.call, *calls, return_exceptions=True)
    assert it.stored() == [-2, -1, 0, 2]
    assert it.queue.depth == 0


async def test_an_operation_whose_caller_leaves_in_its_turn_is_carried_out_whole(it: Open) -> None:
    held = await hold(it.queue)
    held.call.cancel()
    held.go.set()
    await it.queue.close()
    assert held.call.cancelled()
    assert it.stored() == [-2, -1]


async def test_past_the_bound_callers_wait_in_their_order_and_too_many_are_db011(
    tmp_path: Path,
) -> None:
    limits = QueueLimits(size=2, waiting=3, waiting_seconds=3_600)
    async with open_queue(tmp_path, limits) as it:
        held = await hold(it.queue)
        calls = await put_in_line(it.queue, *range(5))
        with pytest.raises(QueueFullError) as caught:
            await it.queue.execute(put(5))
        assert caught.value.details == {"waiting": 5, "places": 2}
        calls[3].cancel()
        await asyncio.sleep(0)
        calls += await put_in_line(it.queue, 6)
        held.go.set()
        await asyncio.gather(held.call, *calls, return_exceptions=True)
        assert it.stored() == [-2, -1, 0, 1, 2, 4, 6]


async def test_who_waits_too_long_for_a_place_is_db011_and_nothing_of_it_is_written(
    tmp_path: Path,
) -> None:
    async with open_queue(tmp_path, QueueLimits(size=1, waiting_seconds=0.01)) as it:
        held = await hold(it.queue)
        calls = await put_in_line(it.queue, 0, 1)
        with pytest.raises(QueueFullError):
            await calls[1]
        held.go.set()
        await asyncio.gather(held.call, calls[0])
        assert it.stored() == [-2, -1, 0]


SCHEDULES = st.lists(
    st.one_of(
        st.sampled_from(["put", "fail"]),
        st.tuples(st.just("cancel"), st.integers(0, 30)),
        st.tuples(st.just("turns of the loop"), st.integers(1, 30)),
        st.tuples(st.just("wait for"), st.integers(0, 30)),
    ),
    max_size=40,
)


@given(schedule=SCHEDULES)
async def test_cancelled_at_any_moment_an_operation_is_in_wholly_or_not_at_all(
    schedule: list[object],
) -> None:
    """Each operation writes two numbers. Who was told of success finds both, in the order asked."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_queue(Path(folder), QueueLimits(size=4)) as it:
            calls, told = await play(it.queue, schedule)
            stored = it.stored()
    pairs = list(zip(stored[::2], stored[1::2], strict=True))
    assert pairs == sorted(pairs)
    assert all(second == first + 1 for first, second in pairs)
    written = {first // 2 for first, _ in pairs}
    assert {number for number, outcome in enumerate(told) if outcome is None} <= written
    assert not {n for n, outcome in enumerate(told) if isinstance(outcome, KeyError)} & written
    assert len(told) == len(calls)


async def play(
    queue: DatabaseQueue, schedule: list[object]
) -> tuple[list[asyncio.Task[None]], list[BaseException | None]]:
    def work(number: int, *, fails: bool) -> Callable[[Transaction], None]:
        def run(tx: Transaction) -> None:
            put(2 * number)(tx)
            put(2 * number + 1)(tx)
            if fails:
                raise KeyError

        return run

    calls: list[asyncio.Task[None]] = []
    for step in schedule:
        match step:
            case "put" | "fail":
                operation = work(len(calls), fails=step == "fail")
                calls.append(asyncio.create_task(queue.execute(operation)))
            case ("cancel", int(place)) if place < len(calls):
                calls[place].cancel()
            case ("wait for", int(place)) if place < len(calls):
                await asyncio.wait([calls[place]])
            case ("turns of the loop", int(turns)):
                for _ in range(turns):
                    await asyncio.sleep(0)
    return calls, await asyncio.gather(*calls, return_exceptions=True)


async def test_closing_finishes_what_is_in_line_and_takes_no_more(it: Open) -> None:
    calls = [asyncio.create_task(it.queue.execute(put(n))) for n in range(2 * GROUP_SIZE)]
    await asyncio.sleep(0)
    await it.queue.close()
    assert all(call.done() for call in calls)
    assert it.stored() == list(range(2 * GROUP_SIZE))
    with pytest.raises(QueueClosedError):
        await it.queue.execute(put(-1))


ENDLESS = (
    "INSERT INTO numbers (value) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
    " SELECT max(i) FROM n"
)


async def test_closing_has_a_deadline_and_says_what_it_could_not_do(it: Open) -> None:
    began = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(tx: Transaction) -> None:
        put(1)(tx)
        loop.call_soon_threadsafe(began.set)
        tx.execute(ENDLESS)

    running = asyncio.create_task(it.queue.execute(work))
    await began.wait()
    waiting = await put_in_line(it.queue, 2, 3)
    assert await it.queue.close(deadline_seconds=0.01) == 3
    for call in (running, *waiting):
        with pytest.raises(QueueClosedError):
            await call
    assert it.stored() == []


async def test_closing_waits_for_no_lock_past_its_deadline(it: Open) -> None:
    async with locked(it.path):
        calls = await put_in_line(it.queue, 1)
        assert await asyncio.wait_for(it.queue.close(deadline_seconds=0.01), 3) == 1
        with pytest.raises(DatabaseLockedError):
            await calls[0]
    assert it.stored() == []


async def test_closing_with_nothing_left_says_so(it: Open) -> None:
    await it.queue.execute(put(1))
    assert await it.queue.close() == 0


class Restless(Writer):
    """Tells when it has rested, and fails in an unforeseen way when told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.rested = asyncio.Event()
        self.broken = False

    async def rest(self) -> None:
        await super().rest()
        self.rested.set()

    async def commit(
        self,
        operations: Sequence[Callable[[Transaction], object]],
        *,
        large: bool = False,
        began: float | None = None,
    ) -> list[Outcome]:
        if self.broken:
            raise MemoryError
        return await super().commit(operations, large=large, began=began)


@pytest.fixture
async def restless(tmp_path: Path) -> AsyncIterator[Restless]:
    writer = Restless(tmp_path / "numbers.db")
    yield writer
    await writer.close()


async def test_nobody_waits_for_ever_whatever_happens_to_the_writer(restless: Restless) -> None:
    queue = DatabaseQueue(restless)
    restless.broken = True
    for _ in range(2):
        with pytest.raises(MemoryError):
            await asyncio.wait_for(queue.execute(lambda _: None), 10)
    restless.broken = False
    await queue.execute(lambda _: None)
    await queue.close()


async def test_what_is_in_the_log_is_brought_over_once_nobody_writes(
    restless: Restless, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_queue, "REST_SECONDS", 0.01)
    queue = DatabaseQueue(restless)
    await queue.execute(lambda tx: tx.execute("CREATE TABLE numbers (value)"))
    await asyncio.wait_for(restless.rested.wait(), 10)
    await queue.close()
    alone = shutil.copy(tmp_path / "numbers.db", tmp_path / "alone.db")
    with closing(sqlite3.connect(alone)) as without_its_log:
        assert without_its_log.execute("SELECT * FROM numbers").fetchall() == []


async def test_a_full_disk_is_db005_and_changes_nothing(it: Open) -> None:
    def fill(tx: Transaction) -> None:
        tx.execute("INSERT INTO numbers (value) VALUES (zeroblob(1000000))")

    (pages,) = await it.queue.execute(lambda tx: tx.execute("PRAGMA page_count").fetchone())
    await it.queue.execute(lambda tx: tx.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(ProfileNotWritableError):
        await it.queue.execute(fill)
    assert it.stored() == []
    assert await it.queue.execute(put(1)) == 1
    assert it.stored() == [1]


async def test_a_lock_held_by_another_program_is_db001_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_SECONDS", 0.05)
    async with open_queue(tmp_path) as it:
        with closing(sqlite3.connect(it.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            outcomes = await asyncio.gather(
                *(it.queue.execute(put(n)) for n in range(3)), return_exceptions=True
            )
            other.execute("ROLLBACK")
        assert [type(outcome) for outcome in outcomes] == [DatabaseLockedError] * 3
        assert it.stored() == []
        await it.queue.execute(put(7))
        assert it.stored() == [7]
