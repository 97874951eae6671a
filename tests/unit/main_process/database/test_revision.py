"""Which schema a database has, and which ones are known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from main_process.database.revision import check_ours, known_revisions, revision
from shared_contracts import migrations
from shared_contracts.errors import DatabaseCorruptError, ForeignDatabaseError


def test_a_database_says_its_revision(database_file: Path) -> None:
    with closing(sqlite3.connect(database_file)) as plain:
        assert revision(plain) == migrations.HEAD


def test_one_without_a_revision_has_none() -> None:
    with closing(sqlite3.connect(":memory:")) as plain:
        assert revision(plain) is None
        plain.execute("CREATE TABLE alembic_version (version_num TEXT)")
        assert revision(plain) is None


def test_known_ones_are_in_order_up_to_the_newest() -> None:
    assert known_revisions()[0] == "0001"
    assert known_revisions()[-1] == migrations.HEAD
    assert known_revisions() == sorted(known_revisions())


def change(path: Path, statement: str) -> Path:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute(statement)
    return path


def test_what_is_ours_is_told_from_what_is_not(database_file: Path, tmp_path: Path) -> None:
    check_ours(database_file)
    check_ours(tmp_path / "nowhere.db")
    check_ours(change(tmp_path / "empty.db", "VACUUM"))
    with pytest.raises(ForeignDatabaseError, match="another program"):
        check_ours(change(tmp_path / "foreign.db", "CREATE VIEW cakes AS SELECT 1"))
    for statement in ("DELETE FROM alembic_version", "DROP TABLE alembic_version"):
        with pytest.raises(DatabaseCorruptError, match="which version"):
            check_ours(change(database_file, statement))


def test_a_file_that_is_no_database_at_all_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "interview.db").write_bytes(b"no database " * 500)
    with pytest.raises(DatabaseCorruptError):
        check_ours(tmp_path / "interview.db")
