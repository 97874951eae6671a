"""A damaged file is found before it is used, and nothing of it is changed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.database import check as check_module
from main_process.database.check import check, check_at_next_start
from main_process.database.connection import Connection
from main_process.database.migrate import migrate
from shared_contracts.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    ProfileNotWritableError,
)
from tests.damage import break_page, overwrite, place_of


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def damage_of(path: Path) -> str:
    """What is found to be wrong with the file, which stays the same to the byte."""
    before = contents(path.parent)
    with pytest.raises(DatabaseCorruptError) as caught:
        check(path)
    assert contents(path.parent) == before
    return str(caught.value.details["check"])


@pytest.fixture
def killed(database_file: Path, tmp_path: Path) -> Path:
    """A database whose last change is only in the log, as after kill -9."""
    path = tmp_path / "killed" / "interview.db"
    path.parent.mkdir()
    with closing(sqlite3.connect(database_file, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("INSERT INTO workspaces VALUES (x'00', 0)")
        for file in database_file.parent.glob("interview.db*"):
            shutil.copy(file, path.parent)
    return path


def test_a_whole_database_passes_and_nothing_is_left_beside_it(database_file: Path) -> None:
    before = contents(database_file.parent)
    check(database_file)
    assert contents(database_file.parent) == before


def test_no_file_is_a_first_start(tmp_path: Path) -> None:
    check(tmp_path / "interview.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("size", [0, None])
def test_a_file_that_is_lost_is_no_first_start_when_there_are_backups(
    database_file: Path, size: int | None
) -> None:
    (database_file.parent / "backups").mkdir()
    shutil.copy(database_file, database_file.parent / "backups" / "2026-07-30T10-11-12.000000Z.db")
    if size is None:
        database_file.unlink()
    else:
        os.truncate(database_file, size)
    assert damage_of(database_file) == ("missing" if size is None else "empty")


def test_an_empty_file_beside_a_log_is_not_begun_anew(killed: Path) -> None:
    """SQLite would delete the log, and what is in it."""
    os.truncate(killed, 0)
    assert damage_of(killed) == "empty"


@pytest.mark.parametrize(
    ("offset", "noise", "fault"),
    [
        (0, b"\0" * 4_096, "not a database"),
        (0, b"not a database", "not a database"),
        (16, b"\x00\x07", "impossible page size"),
        (18, b"\x03", "unknown version of the format"),
        (21, b"\x00", "impossible payload fractions"),
        (44, b"\xff", "unknown version of the format"),
        (56, b"\xff", "unknown encoding"),
    ],
)
def test_a_damaged_header_is_named(
    database_file: Path, offset: int, noise: bytes, fault: str
) -> None:
    overwrite(database_file, offset, noise)
    assert damage_of(database_file) == fault


@pytest.mark.parametrize("size", [1, 99])
def test_a_file_shorter_than_a_header_is_damaged(database_file: Path, size: int) -> None:
    os.truncate(database_file, size)
    assert damage_of(database_file) == "shorter than its header"


@pytest.mark.parametrize("always_bytes", [0, check_module.ALWAYS_BYTES])
def test_a_truncated_file_is_damaged_however_large_it_is(
    database_file: Path, monkeypatch: pytest.MonkeyPatch, always_bytes: int
) -> None:
    monkeypatch.setattr(check_module, "ALWAYS_BYTES", always_bytes)
    os.truncate(database_file, database_file.stat().st_size - 1)
    assert damage_of(database_file) == "truncated"


def test_a_damaged_page_is_found(database_file: Path) -> None:
    break_page(database_file, "sessions")
    assert "age" in damage_of(database_file)


def test_a_large_file_is_read_whole_only_when_there_is_a_reason(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_module, "ALWAYS_BYTES", 0)
    break_page(database_file, "sessions")
    check(database_file)
    check_at_next_start(database_file)
    assert damage_of(database_file)


def test_a_request_to_check_is_done_with_once_all_is_well(database_file: Path) -> None:
    before = contents(database_file.parent)
    check_at_next_start(database_file)
    check(database_file)
    assert contents(database_file.parent) == before


def test_after_an_unclean_end_every_page_is_read_and_the_log_stays(
    killed: Path, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_module, "ALWAYS_BYTES", 0)
    log = killed.with_name("interview.db-wal")
    before = log.read_bytes()
    check(killed)
    assert log.read_bytes() == before
    offset, size = place_of(database_file, "sessions")
    overwrite(killed, offset, b"\xff" * size)
    with pytest.raises(DatabaseCorruptError):
        check(killed)
    assert log.read_bytes() == before


def test_a_header_that_is_whole_in_the_log_is_whole(killed: Path) -> None:
    """A power cut may tear page 1 while the log is brought into the file."""
    with closing(sqlite3.connect(killed, isolation_level=None)) as plain:
        plain.execute("PRAGMA wal_autocheckpoint = 0")
        plain.execute("CREATE TABLE changes_page_1 (x)")
        kept = {path: path.read_bytes() for path in killed.parent.iterdir()}
    for path, content in kept.items():
        path.write_bytes(content)
    overwrite(killed, 28, b"\xff\xff\xff\xff")
    check(killed)


def test_an_interrupted_migration_is_undone_and_the_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "interview.db"
    migrate(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA cache_size = 1")
        plain.execute("BEGIN IMMEDIATE")
        plain.execute("CREATE TABLE big AS SELECT randomblob(900000) AS x")
        torn = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert len(torn["interview.db-journal"]) > 0
    for name, content in torn.items():
        (tmp_path / name).write_bytes(content)
    check(path)
    with closing(sqlite3.connect(path)) as plain:
        assert not plain.execute("SELECT 1 FROM sqlite_master WHERE name = 'big'").fetchall()


def test_a_database_that_another_program_keeps_to_itself_is_db001(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_module, "BUSY_TIMEOUT_SECONDS", 0.05)
    with closing(sqlite3.connect(database_file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO workspaces VALUES (x'00', 0)")
        with pytest.raises(DatabaseLockedError):
            check(database_file)


def test_a_file_that_is_a_folder_is_db005(tmp_path: Path) -> None:
    (tmp_path / "interview.db" / "within").mkdir(parents=True)
    with pytest.raises(ProfileNotWritableError):
        check(tmp_path / "interview.db")


@pytest.fixture(scope="module")
def whole(migrated: Path) -> bytes:
    return migrated.read_bytes()


@given(offset=st.integers(0, 99), value=st.integers(0, 255))
async def test_any_byte_of_the_header_either_does_no_harm_or_is_db008(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, offset: int, value: int
) -> None:
    path = tmp_path_factory.mktemp("header") / "interview.db"
    path.write_bytes(whole[:offset] + bytes([value]) + whole[offset + 1 :])
    try:
        migrate(path)
        writer = await Connection.open_writer(path)
    except DatabaseCorruptError:
        return
    try:
        await writer.run(lambda tx: tx.execute("INSERT INTO workspaces VALUES (x'00', 0)"))
    finally:
        await writer.close()
