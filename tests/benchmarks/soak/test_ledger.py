"""What was confirmed and isn't there is a loss; what may have been done in vain is none."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from tests.benchmarks.soak.ledger import Ledger, Loss
from tests.benchmarks.soak.page import LOST, CallError

TABLES = """
CREATE TABLE sessions (id, title, deleted_at);
CREATE TABLE session_questions (id, status);
CREATE TABLE drafts (session_question_id, text);
CREATE TABLE answers (id, session_question_id, text);
CREATE TABLE evaluation_jobs (answer_id);
CREATE TABLE evaluations (id, dispute);
CREATE TABLE questions (id, prompt);
"""
THING = uuid4()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Empty tables, of the columns that count."""
    path = tmp_path / "interview.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
    return path


def put(database: Path, table: str, *values: object) -> None:
    places = ", ".join("?" * len(values))
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        row = [value.bytes if isinstance(value, UUID) else value for value in values]
        connection.execute(f"INSERT INTO {table} VALUES ({places})", row)  # noqa: S608  ours


def test_what_is_there_as_it_was_confirmed_is_no_loss(database: Path) -> None:
    ledger = Ledger()
    ledger.confirm("title", THING, "Mine")
    ledger.confirm("deletion", THING, value=False)
    put(database, "sessions", THING, "Mine", None)
    assert ledger.losses(database) == []
    assert ledger.confirmed == 2


@pytest.mark.parametrize("found", [None, "Older"])
def test_what_is_missing_or_older_is_lost(database: Path, found: str | None) -> None:
    ledger = Ledger()
    ledger.confirm("title", THING, "Newest")
    if found:
        put(database, "sessions", THING, found, None)
    assert ledger.losses(database) == [Loss("title", THING, "Newest", found)]


@pytest.mark.parametrize("found", ["confirmed", "without an answer"])
def test_a_write_without_an_answer_may_be_there_or_not(database: Path, found: str) -> None:
    ledger = Ledger()
    ledger.confirm("title", THING, "confirmed")
    with suppress(CallError), ledger.writing("title", THING, "without an answer"):
        raise CallError(LOST)
    put(database, "sessions", THING, found, None)
    assert ledger.losses(database) == []


def test_a_write_that_was_refused_must_not_be_there(database: Path) -> None:
    ledger = Ledger()
    ledger.confirm("title", THING, "confirmed")
    with suppress(CallError), ledger.writing("title", THING, "refused"):
        raise CallError("VAL001")
    put(database, "sessions", THING, "refused", None)
    assert len(ledger.losses(database)) == 1


def test_a_confirmed_write_settles_what_was_in_doubt(database: Path) -> None:
    ledger = Ledger()
    with suppress(CallError), ledger.writing("title", THING, "in doubt"):
        raise CallError(LOST)
    with ledger.writing("title", THING, "confirmed"):
        pass
    put(database, "sessions", THING, "in doubt", None)
    assert ledger.losses(database) == [Loss("title", THING, "confirmed", "in doubt")]


def test_a_draft_may_have_become_an_answer(database: Path) -> None:
    ledger, answer = Ledger(), uuid4()
    ledger.confirm("draft", THING, "typed")
    assert len(ledger.losses(database)) == 1
    put(database, "answers", answer, THING, "typed")
    assert ledger.losses(database) == []


def test_an_answer_without_a_job_has_lost_its_evaluation(database: Path) -> None:
    ledger, answer = Ledger(), uuid4()
    ledger.confirm("answer", answer, "given")
    ledger.confirm("job", answer, value=True)
    put(database, "answers", answer, THING, "given")
    assert ledger.losses(database) == [Loss("job", answer, confirmed=True, found=None)]
    put(database, "evaluation_jobs", answer)
    assert ledger.losses(database) == []


def test_skips_questions_and_comments_are_looked_up_as_well(database: Path) -> None:
    ledger, evaluation, question = Ledger(), uuid4(), uuid4()
    ledger.confirm("skip", THING, value=True)
    ledger.confirm("dispute", evaluation, "Wrong")
    ledger.confirm("question", question, "Why?")
    assert len(ledger.losses(database)) == 3
    put(database, "session_questions", THING, "skipped")
    put(database, "evaluations", evaluation, '{"comment": "Wrong"}')
    put(database, "questions", question, "Why?")
    assert ledger.losses(database) == []
