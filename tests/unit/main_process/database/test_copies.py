"""A copy has its name only once it is whole, and holds exactly what was committed."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from main_process.database import copies
from shared_contracts import migrations
from shared_contracts.errors import BackupFailedError, DatabaseCorruptError

HALF_WAY = """
import sys
from pathlib import Path
from main_process.database import copies

def wait():
    print("half-way", flush=True)
    sys.stdin.read()

copies.make(Path(sys.argv[1]), "asked", wait)
"""
TOO_SMALL = """
import resource, sys
from pathlib import Path
from main_process.database import copies
from shared_contracts.errors import BackupFailedError

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    copies.make(Path(sys.argv[1]), "asked")
except BackupFailedError as error:
    print(error.message)
"""


@pytest.fixture
def filled(database_file: Path) -> Path:
    with closing(sqlite3.connect(database_file, isolation_level=None)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
        plain.execute("INSERT INTO workspaces VALUES (x'01', 1), (x'02', 2)")
    return database_file


def dump(path: Path) -> list[str]:
    with copies.reading(path) as plain:
        return list(plain.iterdump())


def names(database: Path) -> set[str]:
    """The kinds of files in the folder of copies."""
    return {path.suffix for path in copies.folder_of(database).iterdir()}


def test_a_copy_holds_what_the_database_does_and_needs_no_other_file(filled: Path) -> None:
    copy = copies.make(filled, "asked")
    assert dump(copy) == dump(filled)
    assert names(filled) == {".db", ".json"}
    assert copy.read_bytes()[18:20] == b"\x01\x01", "no log beside it"


def test_what_is_written_down_is_true(filled: Path) -> None:
    before = datetime.now(UTC)
    copy = copies.make(filled, "schedule")
    facts = copies.facts_of(copy)
    assert facts
    assert before <= facts.made_at <= datetime.now(UTC)
    assert copies.time_of(copy) == facts.made_at
    assert (facts.why, facts.schema, facts.bytes) == (
        "schedule",
        migrations.HEAD,
        copy.stat().st_size,
    )
    assert facts.rows["workspaces"] == 2
    assert facts.sha256 == copies.digest(copy)


def test_only_the_owner_can_read_it(filled: Path) -> None:
    before = os.umask(0)
    try:
        copy = copies.make(filled, "asked")
    finally:
        os.umask(before)
    assert copy.parent.stat().st_mode & 0o777 == 0o700
    for path in copy.parent.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_being_written_meanwhile_is_wholly_in_or_out_and_never_held_up(
    filled: Path,
) -> None:
    calls: list[int] = []

    def write_between() -> bool:
        with closing(sqlite3.connect(filled, isolation_level=None, timeout=0)) as writer:
            calls.append(1)
            row = (bytes([len(calls), 9]), 0)
            writer.execute("INSERT INTO workspaces VALUES (?, ?)", row)
        return False

    copy = copies.make(filled, "asked", write_between)
    assert len(calls) >= 2
    with copies.reading(copy) as plain:
        assert plain.execute("SELECT count(*) FROM workspaces").fetchone() == (2,)
    with closing(sqlite3.connect(filled)) as plain:
        assert plain.execute("SELECT count(*) FROM workspaces").fetchone() == (2 + len(calls),)


def test_one_that_is_stopped_leaves_nothing(filled: Path) -> None:
    for allowed in range(2):
        answers = iter([False] * allowed + [True])
        with pytest.raises(BackupFailedError, match="broken off"):
            copies.make(filled, "asked", lambda answers=answers: next(answers))  # type: ignore[misc]
        assert list(copies.folder_of(filled).iterdir()) == []


def test_one_that_is_killed_never_looks_good_and_the_next_one_clears_it_away(filled: Path) -> None:
    command = [sys.executable, "-c", HALF_WAY, str(filled)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        assert any(line == "half-way\n" for line in lines)
        process.send_signal(signal.SIGKILL)
    left = list(copies.folder_of(filled).iterdir())
    assert [path.suffix for path in left] == [".part"]
    copies.make(filled, "asked")
    assert names(filled) == {".db", ".json"}


def test_a_damaged_database_is_said_and_not_kept_as_a_copy(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as plain:
        (page,) = plain.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'workspaces'"
        ).fetchone()
    with filled.open("r+b") as file:
        file.seek((page - 1) * 4_096 + 1)
        file.write(b"\xff" * 100)
    with pytest.raises(DatabaseCorruptError):
        copies.make(filled, "asked")
    assert list(copies.folder_of(filled).iterdir()) == []


def test_a_copy_with_other_rows_than_the_database_is_not_good(filled: Path) -> None:
    copy = copies.make(filled, "asked")
    facts = copies.facts_of(copy)
    assert facts
    copies.check(copy, rows=facts.rows)
    with pytest.raises(BackupFailedError):
        copies.check(copy, rows=facts.rows | {"workspaces": 3})


def test_a_disk_without_room_is_not_filled(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(filled.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=copies.SPARE_BYTES))
    with pytest.raises(BackupFailedError, match="not enough space") as caught:
        copies.make(filled, "asked")
    assert caught.value.details["needed_bytes"] > caught.value.details["free_bytes"]
    assert list(copies.folder_of(filled).iterdir()) == []


def test_a_disk_that_fills_up_meanwhile_is_said_and_nothing_is_left(filled: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert filled.stat().st_size > 100_000
    command = [sys.executable, "-c", TOO_SMALL, str(filled)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.startswith("No backup could be made")
    assert list(copies.folder_of(filled).iterdir()) == []


def test_a_folder_that_is_a_file_is_said(filled: Path) -> None:
    copies.folder_of(filled).write_text("not a folder")
    with pytest.raises(BackupFailedError):
        copies.make(filled, "asked")


def test_facts_that_are_missing_or_broken_are_none(filled: Path) -> None:
    copy = copies.make(filled, "asked")
    copy.with_suffix(".json").write_text("{")
    assert copies.facts_of(copy) is None
    copies.remove(copy)
    assert copies.facts_of(copy) is None
    assert list(copy.parent.iterdir()) == []


def test_only_a_copys_own_name_is_a_time() -> None:
    assert copies.time_of(Path("before-upgrade.db")) is None
    said = copies.time_of(Path("2026-07-30T10-11-12.345678Z.db"))
    assert said == datetime(2026, 7, 30, 10, 11, 12, 345_678, tzinfo=UTC)


def test_later_ones_have_later_names(filled: Path) -> None:
    first, second = copies.make(filled, "asked"), copies.make(filled, "asked")
    assert first.name < second.name


def test_a_stop_from_another_thread_is_heard(filled: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(BackupFailedError):
        copies.make(filled, "asked", stop.is_set)
