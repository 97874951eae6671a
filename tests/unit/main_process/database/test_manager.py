"""The manager gives out one writer and some readers, and closes all of them."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from structlog.contextvars import bound_contextvars, merge_contextvars
from structlog.testing import capture_logs

from main_process.database import DatabaseManager, Transaction, check, unit_connection
from main_process.database import connection as connection_module
from main_process.database.pool import PoolLimits
from shared_contracts.errors import (
    DatabaseCorruptError,
    NotErasedError,
    ProfileNotWritableError,
    QueueClosedError,
)

READERS = PoolLimits().readers
OWNER = b"o" * 16
NO_DATABASE = b"no database " * 500
SECRET = "the word that must not stay, çà et là "


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def stays_as_it_was(broken: Path) -> bool:
    return files_in(broken.parent) == [broken.name] and broken.read_bytes() == NO_DATABASE


def add_owner(tx: Transaction) -> None:
    tx.execute("INSERT INTO workspaces VALUES (?, 0)", (OWNER,))


def count_owners(tx: Transaction) -> int:
    return int(tx.execute("SELECT count(*) FROM workspaces").fetchone()[0])


async def test_a_read_sees_what_was_confirmed_before_and_nothing_later(
    database: DatabaseManager,
) -> None:
    loop = asyncio.get_running_loop()

    def work(tx: Transaction) -> tuple[int, int]:
        first = count_owners(tx)
        asyncio.run_coroutine_threadsafe(database.write(add_owner), loop).result(timeout=10)
        return first, count_owners(tx)

    assert await database.read(work) == (0, 0)
    assert await database.read(count_owners) == 1


async def test_what_is_slow_is_logged_for_the_request_that_asked_for_it(
    database: DatabaseManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_connection, "SLOW_SECONDS", 0)

    async def write(request: str) -> None:
        with bound_contextvars(request=request):
            await database.write(lambda tx: tx.execute("SELECT ?", (request,)).fetchone())

    with capture_logs(processors=[merge_contextvars]) as lines:
        with bound_contextvars(request="page-1"):
            await database.read(count_owners)
        await asyncio.gather(*(write(f"page-{number}") for number in range(2, 9)))
    asked = {line["request"] for line in lines if line.get("sql", "").startswith("SELECT")}
    assert asked == {f"page-{number}" for number in range(1, 9)}
    units = [line.get("request") for line in lines if line["event"] == "slow unit of work"]
    assert sorted(filter(None, units)) == sorted(asked)
    groups = [line for line in lines if "of a group" in line.get("sql", "")]
    assert groups
    assert {line.get("request") for line in groups} == {None}


async def test_a_read_cannot_write_and_its_reader_is_used_again(database: DatabaseManager) -> None:
    for _ in range(READERS + 1):
        with pytest.raises(ProfileNotWritableError):
            await database.read(add_owner)
    assert await database.read(count_owners) == 0


async def test_readers_work_beside_each_other_and_beside_the_writer(
    database: DatabaseManager,
) -> None:
    both_in = threading.Barrier(READERS + 1)

    def meet(tx: Transaction) -> int:
        both_in.wait(timeout=10)
        return count_owners(tx)

    results = await asyncio.gather(
        *(database.read(meet) for _ in range(READERS)), database.write(meet)
    )
    assert results == [0] * (READERS + 1)


async def test_it_says_how_many_connections_there_are(database: DatabaseManager) -> None:
    assert database.connections == 2
    held = threading.Barrier(2)
    reads = [asyncio.create_task(database.read(lambda _: held.wait(timeout=10))) for _ in range(2)]
    await asyncio.gather(*reads)
    assert database.connections == 3


async def test_the_closed_manager_leaves_one_file_and_no_thread(database_file: Path) -> None:
    before = threading.active_count()
    async with DatabaseManager.open(database_file) as database:
        await database.write(add_owner)
    with pytest.raises(QueueClosedError):
        await database.write(add_owner)
    assert files_in(database_file.parent) == [database_file.name]
    for thread in threading.enumerate():
        if thread.name.endswith("(_connection_worker_thread)"):
            thread.join(timeout=10)
    assert threading.active_count() <= before + 1  # asyncio.to_thread keeps its own


async def test_erasing_leaves_no_byte_of_what_was_deleted(
    database: DatabaseManager, database_file: Path
) -> None:
    def add(tx: Transaction) -> None:
        add_owner(tx)
        tx.execute("CREATE TABLE notes (text)")
        tx.executemany("INSERT INTO notes VALUES (?)", [(SECRET * 100,)] * 50)

    def on_disk() -> bool:
        return any(SECRET.encode() in path.read_bytes() for path in database_file.parent.iterdir())

    await database.write(add)
    assert on_disk()
    await database.write(lambda tx: tx.execute("DELETE FROM notes"))
    await database.erase_free_space()
    assert not on_disk()
    assert await database.read(count_owners) == 1


async def test_erasing_says_so_when_somebody_still_reads_the_old_pages(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_SECONDS", 0.05)
    async with DatabaseManager.open(database_file) as database:
        await database.write(add_owner)
        with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
            other.execute("BEGIN")
            other.execute("SELECT * FROM workspaces").fetchall()
            with pytest.raises(NotErasedError):
                await database.erase_free_space()
        await database.erase_free_space()


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "interview.db"
    path.write_bytes(NO_DATABASE)
    return path


async def test_a_file_that_is_no_database_is_db008_and_stays_as_it_is(broken: Path) -> None:
    with pytest.raises(DatabaseCorruptError):
        async with DatabaseManager.open(broken):
            pass
    assert stays_as_it_was(broken)


async def test_damage_in_the_middle_of_the_file_is_db008_when_it_is_met(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As in a file that is too large to be read whole at each start.
    monkeypatch.setattr(check, "ALWAYS_BYTES", 0)
    async with DatabaseManager.open(database_file) as database:
        await database.write(add_owner)
    with closing(sqlite3.connect(database_file)) as plain:
        (page,) = plain.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'workspaces'"
        ).fetchone()
        (size,) = plain.execute("PRAGMA page_size").fetchone()
    with database_file.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    async with DatabaseManager.open(database_file) as database:
        with pytest.raises(DatabaseCorruptError):
            await database.read(lambda tx: tx.execute("SELECT * FROM workspaces").fetchall())
    with pytest.raises(DatabaseCorruptError):
        # The next start reads it whole, and finds what was met.
        await DatabaseManager.open(database_file).__aenter__()
