"""The writer is opened anew after what it can't trust, checkpoints when told, and is one."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from main_process.database import connection as connection_module
from main_process.database.unit_connection import Transaction
from main_process.database.writer import Writer
from shared_contracts.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    ProfileNotWritableError,
)
from tests.locker import locked

pytestmark = pytest.mark.usefixtures("no_thread_stays")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "numbers.db"


@pytest.fixture
async def writer(path: Path) -> AsyncIterator[Writer]:
    writer = Writer(path)
    await writer.open()
    await writer.run(lambda tx: tx.execute("CREATE TABLE numbers (value UNIQUE)"))
    yield writer
    await writer.close()


def put(tx: Transaction) -> None:
    tx.execute("INSERT INTO numbers SELECT count(*) FROM numbers")


def stored(path: Path) -> int:
    with closing(sqlite3.connect(path)) as plain:
        return int(plain.execute("SELECT count(*) FROM numbers").fetchone()[0])


def size_of(path: Path) -> int:
    return path.stat().st_size


def log_of(path: Path) -> Path:
    return path.with_name("numbers.db-wal")


@contextmanager
def overwritten(path: Path) -> Iterator[None]:
    """It is no database for as long."""
    whole = path.read_bytes()
    path.write_bytes(b"no database " * 500)
    yield
    path.write_bytes(whole)


async def connection_of(writer: Writer) -> Transaction:
    return await writer.run(lambda tx: tx)


async def test_after_a_full_disk_it_is_another_connection_and_writes_again(
    writer: Writer, path: Path
) -> None:
    before = await connection_of(writer)
    (pages,) = await writer.run(lambda tx: tx.execute("PRAGMA page_count").fetchone())
    await writer.run(lambda tx: tx.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(ProfileNotWritableError):
        await writer.commit(
            [put, lambda tx: tx.execute("INSERT INTO numbers VALUES (zeroblob(1000000))")]
        )
    assert not writer.is_open
    assert stored(path) == 0
    assert (await writer.commit([put]))[0].failure is None
    assert await connection_of(writer) is not before
    assert stored(path) == 1


async def test_what_can_not_be_opened_any_more_is_said_each_time_and_mended_by_itself(
    writer: Writer, path: Path
) -> None:
    await writer.commit([put])
    await writer.close()
    with overwritten(path):
        for _ in range(2):
            with pytest.raises(DatabaseCorruptError):
                await writer.commit([put])
    await writer.commit([put])
    assert stored(path) == 2


async def test_the_log_is_brought_over_and_an_old_connection_let_go_at_rest(
    writer: Writer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writer.commit([put])
    size = size_of(path)
    await writer.rest()
    assert size_of(path) > size
    assert writer.is_open
    monkeypatch.setattr(connection_module, "MAX_AGE_SECONDS", 0)
    await writer.rest()
    assert not writer.is_open
    await writer.commit([put])
    assert stored(path) == 2


async def test_closing_leaves_no_log_even_while_somebody_else_has_the_file_open(
    writer: Writer, path: Path
) -> None:
    await writer.commit([put])
    assert size_of(log_of(path))
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT count(*) FROM numbers").fetchone() == (1,)
        await writer.close()
        assert size_of(log_of(path)) == 0


async def test_a_checkpoint_that_meets_a_reader_loses_nothing(writer: Writer, path: Path) -> None:
    await writer.commit([put])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM numbers").fetchall()
        await writer.commit([put])
        await writer.checkpoint()
        assert size_of(log_of(path))
    assert stored(path) == 2


async def test_it_waits_for_another_program_s_lock(writer: Writer, path: Path) -> None:
    async with locked(path):
        waiting = asyncio.create_task(writer.commit([put]))
        await asyncio.wait([waiting], timeout=0.2)
        assert not waiting.done()
    assert (await waiting)[0].failure is None
    assert stored(path) == 1


async def test_when_the_lock_stays_it_says_how_long_it_waited(
    writer: Writer, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_SECONDS", 0.3)
    async with locked(path):
        with pytest.raises(DatabaseLockedError) as caught:
            await writer.commit([put])
        assert caught.value.details["attempts"] >= 2
        assert caught.value.details["waited_seconds"] > 0
        assert writer.is_open
    assert stored(path) == 0
    await writer.commit([put])
    assert stored(path) == 1


def where_temporary_data_goes(tx: Transaction) -> str:
    return {1: "file", 2: "memory"}[tx.execute("PRAGMA temp_store").fetchone()[0]]


async def test_only_for_a_large_operation_temporary_data_goes_to_a_file(writer: Writer) -> None:
    def fails(_: Transaction) -> None:
        raise sqlite3.DataError

    async def during(*, large: bool) -> object:
        (outcome,) = await writer.commit([where_temporary_data_goes], large=large)
        return outcome.value

    assert await during(large=False) == "memory"
    assert await during(large=True) == "file"
    (failed,) = await writer.commit([fails], large=True)
    assert failed.failure
    await writer.vacuum()
    assert await during(large=False) == "memory"
