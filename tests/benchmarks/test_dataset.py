"""The made database is one of the app's own, of the newest schema, and the same each time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from main_process.database import DatabaseManager
from main_process.database.migrate import migrate
from main_process.question_bank import Bank
from main_process.services import open_services
from shared_contracts.questions import QuestionFilter
from tests.benchmarks.dataset import COMMON, PER_SESSION, RARE, make

ROWS = 500


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "interview.db"
    make(path, ROWS)
    return path


def ask(path: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as plain:
        return plain.execute(statement).fetchall()


def test_it_is_the_same_each_time(made: Path, tmp_path: Path) -> None:
    make(tmp_path / "again.db", ROWS)
    for table in ("questions", "answers", "evaluations", "question_index", "question_words_data"):
        rows = f"SELECT * FROM {table}"
        assert ask(made, rows) == ask(tmp_path / "again.db", rows), table


def test_it_has_the_schema_of_a_new_database(made: Path, tmp_path: Path) -> None:
    migrate(tmp_path / "new.db")
    schema = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert ask(made, schema) == ask(tmp_path / "new.db", schema)
    assert ask(made, "PRAGMA integrity_check") == [("ok",)]
    assert ask(made, "PRAGMA foreign_key_check") == []


@pytest.mark.parametrize("table", ["question_words", "answer_words"])
def test_words_are_found(made: Path, table: str) -> None:
    found = f"SELECT count(*) FROM {table} WHERE {table} MATCH"
    assert ask(made, f"{found} '{COMMON}'")[0][0] / ROWS == pytest.approx(0.4, abs=0.05)
    assert ask(made, f"{found} '{RARE}'") == [(1,)]


async def test_the_app_opens_it(made: Path) -> None:
    async with DatabaseManager.open(made) as database:
        app = await open_services(made.parent, database, Bank((), (), (), ()), lambda: ())
        history = await database.read(lambda tx: app.sessions.history(tx, 200, None))
        page = await database.read(
            lambda tx: app.questions.page(tx, QuestionFilter(), limit=200, after=None)
        )
    assert len(history.items) == ROWS // PER_SESSION
    assert {question.source for question in page.items} == {"bank", "own"}
