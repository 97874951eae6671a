"""A connection runs units of work, and says in the app's own errors what went wrong."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable
from contextlib import closing
from pathlib import Path

import pytest

from main_process.database.connection import Connection, translate
from main_process.database.unit_connection import Transaction
from shared_contracts.errors import (
    AppError,
    DatabaseCorruptError,
    DatabaseLockedError,
    ProfileNotWritableError,
    QueryFailedError,
    QueueClosedError,
)

pytestmark = pytest.mark.usefixtures("no_thread_stays")


@pytest.fixture
async def writer(tmp_path: Path) -> AsyncIterator[Connection]:
    writer = await Connection.open_writer(tmp_path / "a file%20with?odd#name.db")
    await writer.run(lambda tx: tx.execute("CREATE TABLE words (word UNIQUE)"))
    yield writer
    await writer.close()


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def path_of(folder: Path) -> Path:
    return folder / "a file%20with?odd#name.db"


async def test_work_runs_on_another_thread_and_its_result_comes_back(writer: Connection) -> None:
    def work(tx: Transaction) -> tuple[int, list[object]]:
        tx.execute("INSERT INTO words VALUES ('one')")
        return threading.get_ident(), tx.execute("SELECT word FROM words").fetchall()

    thread, rows = await writer.run(work)
    assert thread != threading.get_ident()
    assert rows == [("one",)]


async def test_what_work_raises_is_raised(writer: Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        await writer.run(lambda _: 1 // 0)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
async def test_the_writer_keeps_what_it_confirms(
    writer: Connection, pragma: str, value: object
) -> None:
    row = await writer.run(lambda tx: tx.execute(f"PRAGMA {pragma}").fetchone())
    assert row == (value,)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO words VALUES ('two')",
        "DROP TABLE words",
        "PRAGMA user_version = 4",
        "PRAGMA query_only = OFF; INSERT INTO words VALUES ('two')",
    ],
)
async def test_a_reader_reads_and_cannot_write(
    writer: Connection, tmp_path: Path, statement: str
) -> None:
    await writer.run(lambda tx: tx.execute("INSERT INTO words VALUES ('one')"))
    reader = await Connection.open_reader(path_of(tmp_path))
    try:
        assert await reader.run(lambda tx: tx.execute("SELECT * FROM words").fetchall()) == [
            ("one",)
        ]
        with pytest.raises(ProfileNotWritableError):
            await reader.run(lambda tx: tx.executescript(statement))
    finally:
        await reader.close()


async def test_a_reader_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(ProfileNotWritableError):
        await Connection.open_reader(tmp_path / "none.db")
    assert files_in(tmp_path) == []


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    path = tmp_path / "text.db"
    path.write_text("This is no database, but it is long enough to be one. " * 40)
    return path


async def test_a_writer_that_cannot_use_the_file_closes_it(text_file: Path) -> None:
    with pytest.raises(DatabaseCorruptError):
        await Connection.open_writer(text_file)


async def test_sqlites_own_refusal_is_db002_without_values(writer: Connection) -> None:
    await writer.run(lambda tx: tx.execute("INSERT INTO words VALUES ('secret')"))
    with pytest.raises(QueryFailedError) as caught:
        await writer.run(lambda tx: tx.execute("INSERT INTO words VALUES (?)", ("secret",)))
    assert "UNIQUE" in caught.value.message
    assert "secret" not in str(caught.value)
    assert caught.value.details == {"sqlite": "SQLITE_CONSTRAINT_UNIQUE"}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseLockedError),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseLockedError),
        (sqlite3.SQLITE_LOCKED, DatabaseLockedError),
        (sqlite3.SQLITE_CORRUPT, DatabaseCorruptError),
        (sqlite3.SQLITE_NOTADB, DatabaseCorruptError),
        (sqlite3.SQLITE_FULL, ProfileNotWritableError),
        (sqlite3.SQLITE_IOERR_FSYNC, ProfileNotWritableError),
        (sqlite3.SQLITE_READONLY_DIRECTORY, ProfileNotWritableError),
        (sqlite3.SQLITE_CANTOPEN, ProfileNotWritableError),
        (sqlite3.SQLITE_CONSTRAINT, QueryFailedError),
        (sqlite3.SQLITE_TOOBIG, QueryFailedError),
        (sqlite3.SQLITE_INTERRUPT, QueueClosedError),
    ],
)
def test_each_kind_of_failure_has_its_code(code: int, kind: type[AppError]) -> None:
    error = sqlite3.OperationalError("words of SQLite's")
    error.sqlite_errorcode = code
    assert type(translate(error)) is kind


async def test_a_schema_that_is_no_text_is_db008(writer: Connection, tmp_path: Path) -> None:
    """SQLite's own message quotes the damaged bytes, and Python can't decode it."""
    await writer.run(lambda tx: tx.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall())
    spoil(path_of(tmp_path), b"CREATE TABLE words", b"CREATE \x90ABLE words")
    for opening in (Connection.open_writer, Connection.open_reader):
        with pytest.raises(DatabaseCorruptError):
            await use(opening(path_of(tmp_path)))


async def use(opening: Awaitable[Connection]) -> None:
    connection = await opening
    try:
        await connection.run(lambda tx: tx.execute("SELECT * FROM words").fetchall())
    finally:
        await connection.close()


def spoil(path: Path, text: bytes, noise: bytes) -> None:
    whole = path.read_bytes()
    assert text in whole
    path.write_bytes(whole.replace(text, noise))


async def test_text_that_is_none_is_db008_and_is_not_told(writer: Connection) -> None:
    damaged = "SELECT CAST(x'7365637265749f' AS TEXT) FROM words"
    await writer.run(lambda tx: tx.execute("INSERT INTO words VALUES ('one')"))
    with pytest.raises(DatabaseCorruptError) as caught:
        await writer.run(lambda tx: tx.execute(damaged).fetchall())
    assert "secret" not in f"{caught.value} {caught.value.details}"


async def test_work_for_a_caller_that_has_gone_is_broken_off(writer: Connection) -> None:
    began = asyncio.Event()
    loop = asyncio.get_running_loop()
    broken_off: list[str] = []

    def work(tx: Transaction) -> None:
        loop.call_soon_threadsafe(began.set)
        try:
            tx.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT * FROM n"
                " WHERE i = 2"
            ).fetchall()
        except sqlite3.OperationalError as error:
            broken_off.append(error.sqlite_errorname)
            raise

    call = asyncio.create_task(writer.run(work))
    await began.wait()
    call.cancel()
    await asyncio.wait_for(writer.settle(), 10)
    assert broken_off == ["SQLITE_INTERRUPT"]
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_a_lock_of_another_connection_is_db001(writer: Connection, tmp_path: Path) -> None:
    await writer.run(lambda tx: tx.execute("PRAGMA busy_timeout = 10").fetchall())
    with closing(sqlite3.connect(path_of(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseLockedError):
            await writer.run(lambda tx: tx.execute("INSERT INTO words VALUES ('late')"))
