"""Readers are lent out, awaited, broken off and replaced."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.database import connection as connection_module
from main_process.database.pool import PoolLimits, ReaderPool
from main_process.database.unit_connection import Transaction
from shared_contracts.errors import (
    DatabaseCorruptError,
    NotFoundError,
    ProfileNotWritableError,
    QueryFailedError,
    QueueClosedError,
    ReaderTimeoutError,
)

pytestmark = pytest.mark.usefixtures("no_thread_stays")
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("CREATE TABLE numbers (value)")
        plain.execute("INSERT INTO numbers VALUES (7)")
    return path


@asynccontextmanager
async def open_pool(path: Path, limits: PoolLimits | None = None) -> AsyncIterator[ReaderPool]:
    pool = ReaderPool(path, limits)
    try:
        yield pool
    finally:
        await asyncio.wait_for(pool.close(), 10)


@pytest.fixture
async def pool(path: Path) -> AsyncIterator[ReaderPool]:
    async with open_pool(path) as pool:
        yield pool


@contextmanager
def damaged(path: Path) -> Iterator[None]:
    """All but the first page is noise for as long."""
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    yield
    path.write_bytes(whole)


def number(tx: Transaction) -> int:
    return int(tx.execute("SELECT value FROM numbers").fetchone()[0])


def reader(tx: Transaction) -> Transaction:
    return tx


class Held:
    """A read that lasts until it is let go."""

    def __init__(self, pool: ReaderPool) -> None:
        self._loop = asyncio.get_running_loop()
        self.began = asyncio.Event()
        self.go = threading.Event()
        self.ended = threading.Event()
        self.read = asyncio.create_task(pool.run(self._work))

    def _work(self, tx: Transaction) -> Transaction:
        self._loop.call_soon_threadsafe(self.began.set)
        assert self.go.wait(10)
        self.ended.set()
        return tx

    async def end(self) -> Transaction:
        self.go.set()
        return await self.read


async def hold(pool: ReaderPool) -> Held:
    held = Held(pool)
    await asyncio.wait_for(held.began.wait(), 10)
    return held


async def test_a_reader_is_opened_when_it_is_needed_and_used_again(pool: ReaderPool) -> None:
    assert pool.size == 0
    await pool.open()
    first = await pool.run(reader)
    assert await pool.run(reader) is first
    assert pool.size == 1
    held = await hold(pool)
    second = await pool.run(reader)
    assert await held.end() is first
    assert second is not first
    assert pool.size == 2


async def test_who_waits_too_long_for_a_reader_is_db012(path: Path) -> None:
    async with open_pool(path, PoolLimits(readers=1, acquire_seconds=0.05)) as pool:
        held = await hold(pool)
        with pytest.raises(ReaderTimeoutError) as caught:
            await pool.run(number)
        assert caught.value.details["waited_seconds"] >= 0.05
        assert caught.value.details["readers"] == 1
        await held.end()
        assert await pool.run(number) == 7


async def test_those_who_wait_are_served_in_their_order(path: Path) -> None:
    async with open_pool(path, PoolLimits(readers=1)) as pool:
        held = await hold(pool)
        order: list[int] = []

        def note(place: int) -> Callable[[Transaction], None]:
            return lambda _: order.append(place)

        waiting = [asyncio.create_task(pool.run(note(place))) for place in range(5)]
        await asyncio.sleep(0)  # each of them takes its place
        waiting[2].cancel()
        await held.end()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert order == [0, 1, 3, 4]


async def test_a_cancelled_read_keeps_its_reader_until_its_work_has_ended(path: Path) -> None:
    async with open_pool(path, PoolLimits(readers=1)) as pool:
        held = await hold(pool)
        held.read.cancel()
        with pytest.raises(asyncio.CancelledError):
            await held.read
        next_one = asyncio.create_task(pool.run(lambda _: held.ended.is_set()))
        await asyncio.sleep(0)
        assert not next_one.done()
        held.go.set()
        assert await next_one


async def test_a_cancelled_read_breaks_its_query_off(path: Path) -> None:
    async with open_pool(path, PoolLimits(readers=1)) as pool:
        began = asyncio.Event()
        loop = asyncio.get_running_loop()

        def work(tx: Transaction) -> object:
            loop.call_soon_threadsafe(began.set)
            return tx.execute(ENDLESS).fetchone()

        read = asyncio.create_task(pool.run(work))
        await began.wait()
        read.cancel()
        with pytest.raises(asyncio.CancelledError):
            await read
        assert await asyncio.wait_for(pool.run(number), 10) == 7
        assert pool.size == 1


@pytest.mark.parametrize("error", [NotFoundError(), KeyError("a"), ZeroDivisionError()])
async def test_an_error_of_the_work_s_own_costs_no_reader(
    pool: ReaderPool, error: Exception
) -> None:
    def work(tx: Transaction) -> None:
        number(tx)
        raise error

    before = await pool.run(reader)
    with pytest.raises(type(error)):
        await pool.run(work)
    assert await pool.run(reader) is before


async def test_a_mistaken_statement_costs_no_reader(pool: ReaderPool) -> None:
    before = await pool.run(reader)
    with pytest.raises(QueryFailedError):
        await pool.run(lambda tx: tx.execute("SELECT nothing"))
    assert await pool.run(reader) is before


async def test_stop_iteration_is_told_and_nobody_waits_for_ever(pool: ReaderPool) -> None:
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(pool.run(lambda _: next(iter([]))), 10)
    assert await pool.run(number) == 7


async def test_a_reader_that_met_damage_is_replaced(pool: ReaderPool, path: Path) -> None:
    before = await pool.run(reader)
    with damaged(path), pytest.raises(DatabaseCorruptError):
        await pool.run(number)
    assert await pool.run(number) == 7
    assert await pool.run(reader) is not before
    assert pool.size == 1


async def test_an_old_reader_is_replaced(pool: ReaderPool, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await pool.run(reader)
    monkeypatch.setattr(connection_module, "MAX_AGE_SECONDS", 0)
    assert await pool.run(reader) is before
    assert await pool.run(reader) is not before


async def test_a_reader_that_can_not_be_opened_takes_no_place(path: Path) -> None:
    async with open_pool(path.with_name("nothing.db"), PoolLimits(readers=1)) as pool:
        for _ in range(3):
            with pytest.raises(ProfileNotWritableError):
                await asyncio.wait_for(pool.run(number), 10)
        assert pool.size == 0


async def test_closing_breaks_off_what_runs_and_refuses_what_waits(path: Path) -> None:
    pool = ReaderPool(path, PoolLimits(readers=1))
    began = asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(tx: Transaction) -> object:
        loop.call_soon_threadsafe(began.set)
        return tx.execute(ENDLESS).fetchone()

    running = asyncio.create_task(pool.run(work))
    await began.wait()
    waiting = asyncio.create_task(pool.run(number))
    await asyncio.sleep(0)
    await asyncio.wait_for(pool.close(), 10)
    for read in (running, waiting):
        with pytest.raises(QueueClosedError):
            await read
    with pytest.raises(QueueClosedError):
        await asyncio.wait_for(pool.run(number), 10)
    assert pool.size == 0


READS = st.lists(st.sampled_from(["fine", "fails", "left early", "left late"]), max_size=20)


@given(kinds=READS, readers=st.integers(1, 3))
async def test_no_reader_is_ever_lost_or_shared(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str], readers: int
) -> None:
    """Whatever ends a read, and when: never two reads on one reader, and all readers come back."""
    path = tmp_path_factory.mktemp("pool") / "numbers.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("CREATE TABLE numbers (value)")
    async with open_pool(path, PoolLimits(readers=readers)) as pool:
        in_use: set[int] = set()

        def work(*, fails: bool) -> Callable[[Transaction], None]:
            def run(tx: Transaction) -> None:
                me = threading.get_ident()
                assert me not in in_use
                in_use.add(me)
                try:
                    # It may be interrupted, when its caller leaves.
                    tx.execute("SELECT count(*) FROM numbers").fetchone()
                finally:
                    in_use.discard(me)
                if fails:
                    raise NotFoundError

            return run

        reads = [asyncio.create_task(pool.run(work(fails=kind == "fails"))) for kind in kinds]
        for when in ("left early", "left late"):
            for read, kind in zip(reads, kinds, strict=True):
                if kind == when:
                    read.cancel()
            await asyncio.sleep(0.001)  # the others begin, and some end
        outcomes = await asyncio.gather(*reads, return_exceptions=True)
        for outcome, kind in zip(outcomes, kinds, strict=True):
            assert isinstance(outcome, NotFoundError) == (kind == "fails")
            assert not isinstance(outcome, AssertionError)
        all_readers = [await hold(pool) for _ in range(readers)]
        assert len({await held.end() for held in all_readers}) == readers
