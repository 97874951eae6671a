"""What going back would cost is counted row by row, whatever the clock said."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from main_process import backups, losses
from main_process.database import copies
from main_process.losses import Losses
from shared_contracts.backups import Contents
from tests.revisions import REVISIONS, unpack

NOTHING = Losses(Contents(), 0, 0, 0)


@pytest.fixture
def lived_in(tmp_path: Path) -> Path:
    return unpack(REVISIONS[-1], tmp_path)


def later(database: Path, statement: str) -> Losses:
    """What is lost by a backup from before this."""
    made = copies.folder_of(database) / backups.make(database, "asked").name
    assert losses.since(database, made) == NOTHING
    with closing(sqlite3.connect(database, isolation_level=None)) as plain:
        plain.execute(statement)
    return losses.since(database, made)


def test_a_row_counts_whatever_its_time_is(lived_in: Path) -> None:
    insert = (
        "INSERT INTO sessions SELECT owner_id, randomblob(16), title, status, setup, position,"
        " finished_at, 0, 0, revision, NULL FROM sessions LIMIT 1"
    )
    assert later(lived_in, insert) == Losses(Contents(sessions=1), 0, 0, 0)


def test_what_was_typed_since_counts(lived_in: Path) -> None:
    assert later(lived_in, "UPDATE drafts SET text = text || '.'") == Losses(Contents(), 0, 1, 0)


def test_every_line_of_the_change_log_counts(lived_in: Path) -> None:
    line = (
        "INSERT INTO change_log SELECT owner_id, randomblob(16), device_id, 1, entity, entity_id,"
        " operation, fields, revision_before FROM change_log WHERE entity = 'sessions' LIMIT 1"
    )
    lost = later(lived_in, line)
    assert lost == Losses(Contents(), 1, 0, 0)
    assert lost.known == "1 change in all"


RECORD = (
    "INSERT INTO recordings (owner_id, id, session_question_id, state, kept, duration_ms,"
    " created_at, updated_at) SELECT owner_id, randomblob(16), id, 'ready', 1, 0, 0, 0"
    " FROM session_questions LIMIT 1"
)


def test_what_was_spoken_counts_and_calls_for_a_backup(lived_in: Path) -> None:
    assert later(lived_in, RECORD) == Losses(Contents(), 0, 0, 1)
    assert backups.is_changed(lived_in)


def test_a_backup_from_before_there_were_recordings_has_none_of_them(
    lived_in: Path, tmp_path: Path
) -> None:
    (tmp_path / "old").mkdir()
    old = unpack("0002", tmp_path / "old")
    with closing(sqlite3.connect(lived_in, isolation_level=None)) as plain:
        plain.execute("DELETE FROM recordings")
        plain.execute(RECORD)
    assert losses.since(lived_in, old).recordings == 1
    assert losses.since(old, lived_in).recordings == 0


def test_the_shipped_questions_are_nobodys_loss(lived_in: Path) -> None:
    line = (
        "INSERT INTO change_log SELECT owner_id, randomblob(16), device_id, 1, entity, entity_id,"
        " operation, fields, revision_before FROM change_log WHERE entity = 'questions' AND"
        " entity_id IN (SELECT id FROM questions WHERE source <> 'own') LIMIT 1"
    )
    assert later(lived_in, line) == NOTHING


def test_words_leave_out_what_there_is_none_of() -> None:
    assert Losses(Contents(answers=1, questions=2), 0, 0).known == (
        "1 answer and 2 questions of your own"
    )
    assert NOTHING.known == ""
    assert (
        Losses(Contents(), None, None).unknown
        == "texts that weren't handed in, recordings and changes"
    )
    assert losses.in_words(Contents(sessions=1_000)) == (
        "1,000 interviews, 0 answers and 0 questions of your own"
    )
