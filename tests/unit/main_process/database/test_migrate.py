"""A database is brought up to date, or it stays exactly as it was."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from main_process.database import connection as connection_module
from main_process.database import copies
from main_process.database import migrate as migrate_module
from main_process.database.migrate import migrate
from main_process.database.revision import SCRIPTS, revision
from shared_contracts import migrations
from shared_contracts.errors import (
    DatabaseCorruptError,
    DatabaseLockedError,
    ForeignDatabaseError,
    MigrationFailedError,
    NewerDatabaseError,
)

SECRET = "an answer that no message may quote"
NEXT = "9001"
WriteNext = Callable[[str], Path]


@pytest.fixture
def write_next(tmp_path: Path) -> WriteNext:
    """Makes a scripts folder with a second revision that does this."""

    def write(upgrade: str) -> Path:
        scripts = tmp_path / "scripts"
        shutil.copytree(SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        (scripts / f"versions/{NEXT}_next.py").write_text(
            "from alembic import op\n"
            f"revision = {NEXT!r}\n"
            f"down_revision = {migrations.HEAD!r}\n"
            "def upgrade():\n"
            "    op.execute('ALTER TABLE workspaces ADD COLUMN name TEXT')\n"
            f"    {upgrade}\n"
        )
        return scripts

    return write


@pytest.fixture
def filled(database_file: Path) -> Path:
    """A database of today's schema that holds something."""
    with closing(sqlite3.connect(database_file, isolation_level=None)) as plain:
        plain.execute("INSERT INTO workspaces VALUES (?, 0)", (SECRET,))
    return database_file


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as plain:
        return list(plain.iterdump())


def test_a_new_file_gets_the_newest_schema(tmp_path: Path) -> None:
    migrate(tmp_path / "new.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as plain:
        assert revision(plain) == migrations.HEAD


def test_a_file_of_the_newest_schema_is_not_written_and_alembic_not_loaded(
    database_file: Path,
) -> None:
    before = database_file.read_bytes()
    code = (
        "import sys; from pathlib import Path\n"
        "from main_process.database.migrate import migrate\n"
        f"migrate(Path({str(database_file)!r}))\n"
        "assert 'alembic' not in sys.modules and 'sqlalchemy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert database_file.read_bytes() == before


def test_an_older_file_is_upgraded_and_a_copy_kept(filled: Path, write_next: WriteNext) -> None:
    before = dump(filled)
    migrate(filled, write_next("pass"), NEXT)
    with closing(sqlite3.connect(filled)) as plain:
        assert revision(plain) == NEXT
        assert plain.execute("SELECT name FROM workspaces").fetchall() == [(None,)]
    (copy,) = copies.folder_of(filled).glob("*.db")
    facts = copies.facts_of(copy)
    assert facts
    assert (facts.why, facts.schema) == ("upgrade", migrations.HEAD)
    assert dump(copy) == before


@pytest.mark.parametrize(
    "upgrade",
    [
        "op.execute('CREATE TABLE workspaces (again)')",
        "raise KeyError('an answer that no message may quote')",
        "op.execute(\"INSERT INTO sessions (id) VALUES ('an answer that no message may quote')\")",
        "op.drop_constraint('none', 'workspaces')",
    ],
)
def test_a_failing_upgrade_is_db004_and_leaves_everything_as_it_was(
    filled: Path, write_next: WriteNext, upgrade: str
) -> None:
    before, bytes_before = dump(filled), filled.read_bytes()
    with pytest.raises(MigrationFailedError) as caught:
        migrate(filled, write_next(upgrade), NEXT)
    assert dump(filled) == before
    assert filled.read_bytes() == bytes_before
    assert SECRET not in str(caught.value)
    assert SECRET not in str(caught.value.details)


def test_a_newer_database_is_db003_and_stays_the_same_to_the_byte(filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    before = filled.read_bytes()
    with pytest.raises(NewerDatabaseError) as caught:
        migrate(filled)
    assert caught.value.details == {"found": "9999", "known": migrations.HEAD}
    assert filled.read_bytes() == before
    assert list(filled.parent.iterdir()) == [filled]


def test_a_damaged_database_is_not_upgraded(filled: Path, write_next: WriteNext) -> None:
    scripts = write_next("pass")
    with closing(sqlite3.connect(filled)) as plain:
        (page,) = plain.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sessions'"
        ).fetchone()
        (size,) = plain.execute("PRAGMA page_size").fetchone()
    with filled.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    before = filled.read_bytes()
    with pytest.raises(DatabaseCorruptError):
        migrate(filled, scripts, NEXT)
    assert filled.read_bytes() == before


def test_rows_that_would_lose_what_they_belong_to_stop_the_upgrade(
    filled: Path, write_next: WriteNext
) -> None:
    """A table is rebuilt with foreign keys off, which SQLite then doesn't look at."""
    insert = "INSERT INTO devices VALUES (x'0102', x'03', 0)"
    before = dump(filled)
    with pytest.raises(MigrationFailedError) as caught:
        migrate(filled, write_next(f'op.execute("{insert}")'), NEXT)
    assert caught.value.details == {"table": "devices", "of": "workspaces"}
    assert dump(filled) == before


def test_it_goes_back_as_well_and_keeps_a_copy_of_the_newer_one(
    filled: Path, write_next: WriteNext
) -> None:
    scripts = write_next("pass\ndef downgrade():\n    op.drop_column('workspaces', 'name')")
    before = dump(filled)
    migrate(filled, scripts, NEXT)
    migrate(filled, scripts, migrations.HEAD)
    assert dump(filled) == before
    kept = sorted(copies.folder_of(filled).glob("*.db"))
    schemas = [facts.schema for copy in kept if (facts := copies.facts_of(copy))]
    assert schemas == [migrations.HEAD, NEXT]


def test_without_room_for_a_copy_nothing_is_begun(
    filled: Path, write_next: WriteNext, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(filled.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100))
    before = dump(filled)
    with pytest.raises(MigrationFailedError, match="not enough space"):
        migrate(filled, write_next("pass"), NEXT)
    assert dump(filled) == before


def test_without_a_place_for_a_copy_nothing_is_begun(filled: Path, write_next: WriteNext) -> None:
    (filled.parent / "backups").write_text("not a folder")
    before = dump(filled)
    with pytest.raises(MigrationFailedError, match="not changed without a backup"):
        migrate(filled, write_next("pass"), NEXT)
    assert dump(filled) == before


def test_a_database_that_is_locked_is_db001(
    filled: Path, write_next: WriteNext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "BUSY_TIMEOUT_SECONDS", 0.05)
    assert connection_module.BUSY_TIMEOUT_SECONDS > 1
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseLockedError):
            migrate(filled, write_next("pass"), NEXT)


@pytest.mark.parametrize("table", ["sessions", "recipes"])
def test_a_database_of_some_other_program_is_left_alone(tmp_path: Path, table: str) -> None:
    """Its log too, which SQLite brings into the file when the last program closes it."""
    path = tmp_path / "interview.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute(f"CREATE TABLE {table} (of_another_program)")
        killed = {each: each.read_bytes() for each in (path, tmp_path / "interview.db-wal")}
    for each, content in killed.items():
        each.write_bytes(content)
    with pytest.raises(ForeignDatabaseError):
        migrate(path)
    assert {each: each.read_bytes() for each in killed} == killed
    assert not copies.folder_of(path).exists()


def test_a_database_that_lost_its_version_is_damaged_and_stays(filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as plain:
        plain.execute("DELETE FROM alembic_version")
    before = filled.read_bytes()
    with pytest.raises(DatabaseCorruptError, match="which version of the app"):
        migrate(filled)
    assert filled.read_bytes() == before


def test_an_upgrade_that_fails_again_and_again_makes_one_copy(
    filled: Path, write_next: WriteNext
) -> None:
    scripts = write_next("raise KeyError('again')")

    def copies_after_a_start() -> int:
        with pytest.raises(MigrationFailedError):
            migrate(filled, scripts, NEXT)
        return len(list(copies.folder_of(filled).glob("*.db")))

    assert [copies_after_a_start() for _ in range(3)] == [1, 1, 1]
    with closing(sqlite3.connect(filled, isolation_level=None)) as plain:
        plain.execute("INSERT INTO workspaces VALUES (x'02', 0)")
    assert copies_after_a_start() == 2
    newest = max(copies.folder_of(filled).glob("*.db"))
    newest.write_bytes(newest.read_bytes()[:-1])
    assert copies_after_a_start() == 3
