"""Writes wait in line: each caller gets its own outcome once it is on disk."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.database import connection as connection_module
from main_process.database.connection import Transaction
from main_process.database.write_queue import GROUP_SIZE, DatabaseQueue
from main_process.database.writer import Writer
from shared_contracts.errors import (
    ConflictError,
    DatabaseLockedError,
    ProfileNotWritableError,
    QueryFailedError,
    QueueClosedError,
)


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
async def open_queue(folder: Path) -> AsyncIterator[Open]:
    path = folder / "numbers.db"
    writer = Writer(path)
    queue = DatabaseQueue(writer)
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


async def test_an_operation_cancelled_before_its_turn_is_not_carried_out(it: Open) -> None:
    began, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold(_: Transaction) -> None:
        loop.call_soon_threadsafe(began.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(timeout=10)

    first = asyncio.create_task(it.queue.execute(hold))
    await began.wait()
    waiting = [asyncio.create_task(it.queue.execute(put(number))) for number in range(3)]
    await asyncio.sleep(0)  # each of them takes its place in line
    assert it.queue.depth == len(waiting)
    waiting[1].cancel()
    go.set()
    await asyncio.gather(first, *waiting, return_exceptions=True)
    assert it.stored() == [0, 2]
    assert it.queue.depth == 0


async def test_an_operation_whose_caller_leaves_in_its_turn_is_carried_out_whole(it: Open) -> None:
    began, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(tx: Transaction) -> None:
        put(1)(tx)
        loop.call_soon_threadsafe(began.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result(timeout=10)
        put(2)(tx)

    call = asyncio.create_task(it.queue.execute(work))
    await began.wait()
    call.cancel()
    go.set()
    await it.queue.close()
    assert call.cancelled()
    assert it.stored() == [1, 2]


async def test_closing_finishes_what_is_in_line_and_takes_no_more(it: Open) -> None:
    calls = [asyncio.create_task(it.queue.execute(put(n))) for n in range(2 * GROUP_SIZE)]
    await asyncio.sleep(0)
    await it.queue.close()
    assert all(call.done() for call in calls)
    assert it.stored() == list(range(2 * GROUP_SIZE))
    with pytest.raises(QueueClosedError):
        await it.queue.execute(put(-1))


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
