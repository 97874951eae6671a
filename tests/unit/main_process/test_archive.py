"""An export holds everything a person has, as it is at one moment, and no key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from main_process import archive
from main_process.key_store import KeyStore
from shared_contracts import migrations
from shared_contracts.errors import (
    BackupFailedError,
    DatabaseCorruptError,
    NewerDatabaseError,
    TargetUnusableError,
)
from tests.life import DRAFT, FIRST_ANSWER, OWN_QUESTION
from tests.revisions import REVISIONS, rows_of, unpack

KEY = "sk-never-in-an-export"


@pytest.fixture
def lived_in(tmp_path: Path) -> Path:
    return unpack(REVISIONS[-1], tmp_path)


def test_it_is_json_that_holds_every_row(lived_in: Path, tmp_path: Path) -> None:
    KeyStore(tmp_path).write(KEY, "file", None)
    target = tmp_path / "mine.json"
    exported = archive.export(lived_in, target)
    rows = {table: len(rows) for table, rows in rows_of(lived_in).items()}
    assert exported.path == str(target)
    assert exported.bytes == target.stat().st_size
    assert exported.rows == sum(rows.values())
    read = msgspec.json.decode(target.read_bytes())
    assert (read["format"], read["schema"]) == (archive.FORMAT, migrations.HEAD)
    assert {table: len(rows) for table, rows in read["tables"].items()} == rows == read["rows"]
    assert FIRST_ANSWER in [row["text"] for row in read["tables"]["answers"]]
    assert [row["text"] for row in read["tables"]["drafts"]] == [DRAFT]
    assert OWN_QUESTION in [row["prompt"] for row in read["tables"]["questions"]]
    assert read["tables"]["sessions"][0]["setup"]["role"] == "baker"
    assert KEY not in target.read_text("utf-8")
    assert target.stat().st_mode & 0o777 == 0o600


def test_an_empty_database_makes_a_whole_file(database_file: Path, tmp_path: Path) -> None:
    assert archive.export(database_file, tmp_path / "mine.json").rows == 0
    read = msgspec.json.decode((tmp_path / "mine.json").read_bytes())
    assert set(read["rows"].values()) == {0}


def test_what_is_written_meanwhile_is_not_in_it(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(lived_in)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
    monkeypatch.setattr(archive, "_ROWS_PER_QUESTION", 1)

    def change() -> bool:
        with closing(sqlite3.connect(lived_in, isolation_level=None, timeout=0)) as writer:
            writer.execute("DELETE FROM drafts")
            writer.execute("UPDATE answers SET text = 'later'")
        return False

    archive.export(lived_in, tmp_path / "mine.json", change)
    read = msgspec.json.decode((tmp_path / "mine.json").read_bytes())
    assert [row["text"] for row in read["tables"]["drafts"]] == [DRAFT]
    assert "later" not in [row["text"] for row in read["tables"]["answers"]]


def test_one_that_is_stopped_leaves_no_file(
    lived_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_ROWS_PER_QUESTION", 1)
    before = set(tmp_path.iterdir())
    with pytest.raises(BackupFailedError, match="broken off"):
        archive.export(lived_in, tmp_path / "mine.json", lambda: True)
    assert {path for path in tmp_path.iterdir() if path.suffix == ".json"} <= before


def test_a_file_that_is_there_is_never_overwritten(lived_in: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.json"
    target.write_text("precious")
    with pytest.raises(TargetUnusableError, match="already"):
        archive.export(lived_in, target)
    assert target.read_text() == "precious"


def test_a_file_of_a_similar_name_is_nobody_elses_to_delete(lived_in: Path, tmp_path: Path) -> None:
    similar = [tmp_path / name for name in ("mine.json.part", "mine.part")]
    for path in similar:
        path.write_text("precious")
    archive.export(lived_in, tmp_path / "mine.json")
    assert [path.read_text() for path in similar] == ["precious", "precious"]


@pytest.mark.parametrize("statement", ["UPDATE alembic_version SET version_num = '9999'", ""])
def test_of_a_schema_that_is_not_known_nothing_is_left_out_silently(
    lived_in: Path, tmp_path: Path, statement: str
) -> None:
    with closing(sqlite3.connect(lived_in, isolation_level=None)) as plain:
        plain.execute(statement or "DELETE FROM alembic_version")
    expected = NewerDatabaseError if statement else DatabaseCorruptError
    with pytest.raises(expected):
        archive.export(lived_in, tmp_path / "mine.json")
    assert list(tmp_path.glob("mine*")) == []


def test_a_place_that_can_not_be_written_is_said(lived_in: Path, tmp_path: Path) -> None:
    with pytest.raises(TargetUnusableError, match="nowhere"):
        archive.export(lived_in, tmp_path / "nowhere" / "mine.json")


def test_a_row_that_is_damaged_is_said_without_quoting_it(lived_in: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(lived_in, isolation_level=None)) as plain:
        plain.execute("UPDATE sessions SET setup = '{\"half'")
    with pytest.raises(DatabaseCorruptError) as caught:
        archive.export(lived_in, tmp_path / "mine.json")
    assert caught.value.details == {"table": "sessions", "column": "setup"}
    assert list(tmp_path.glob("mine*")) == []
