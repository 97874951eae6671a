"""The words of a text that was deleted don't stay in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from main_process import search_upkeep
from main_process.database import DatabaseManager
from main_process.handlers import sessions
from main_process.question_bank import Bank
from main_process.repositories import forgetting
from main_process.services import Services, open_services
from shared_contracts.errors import QueryFailedError
from shared_contracts.sessions import DeleteSession
from tests import steps

SECRET = "xylophonequartz"
# Of neighbouring words FTS5 stores only where they differ: what may be left is the word's end.
REST = b"lophonequartz"


async def tell_and_delete(app: Services) -> None:
    """An interview with a secret among others, deleted again."""
    for number in range(20):
        session = await steps.start(app)
        secret = SECRET if number == 19 else ""
        await steps.answer(app, session.questions[0], f"Answer {number} with words. {secret}")
        if secret:
            await sessions.delete(app, DeleteSession(session_id=session.id))


def is_in(path: Path) -> bool:
    return REST in path.read_bytes()


def left_in(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as plain:
        return forgetting.due(plain)


async def test_after_the_next_start_no_word_of_a_deleted_answer_is_in_the_file(
    tmp_path: Path, database_file: Path, bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "PAGES_AT_ONCE", 1)
    async with DatabaseManager.open(database_file) as database:
        app = await open_services(tmp_path, database, bank, lambda: ())
        await tell_and_delete(app)
    async with DatabaseManager.open(database_file) as database:
        await open_services(tmp_path, database, bank, lambda: ())
    assert is_in(database_file)
    assert left_in(database_file) == {"answer_words": 1}
    async with DatabaseManager.open(database_file) as database:
        app = await open_services(tmp_path, database, bank, lambda: ())
        await search_upkeep.run(app)
    assert not is_in(database_file)
    assert left_in(database_file) == {}
    with closing(sqlite3.connect(database_file, isolation_level=None)) as plain:
        plain.execute("INSERT INTO answer_words (answer_words, rank) VALUES ('integrity-check', 1)")
        found = plain.execute("SELECT count(*) FROM answer_words WHERE answer_words MATCH 'with'")
        assert found.fetchone() == (19,)


async def test_with_nothing_to_forget_nothing_is_written(app: Services) -> None:
    before = await app.database.read(lambda tx: tx.execute("PRAGMA data_version").fetchone())
    await search_upkeep.run(app)
    after = await app.database.read(lambda tx: tx.execute("PRAGMA data_version").fetchone())
    assert after == before


async def test_what_goes_in_the_meantime_stays_noted(app: Services) -> None:
    note = "INSERT INTO forgotten VALUES ('answer_words', 3)"
    await app.database.write(lambda tx: tx.execute(note).fetchall())
    await app.database.write(lambda tx: forgetting.done(tx, "answer_words", 2))
    assert await app.database.read(forgetting.due) == {"answer_words": 3}
    await app.database.write(lambda tx: forgetting.done(tx, "answer_words", 3))
    assert await app.database.read(forgetting.due) == {}


async def test_a_failure_leaves_the_work_for_the_next_start(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise QueryFailedError

    note = "INSERT INTO forgotten VALUES ('answer_words', 3)"
    await app.database.write(lambda tx: tx.execute(note).fetchall())
    monkeypatch.setattr(forgetting, "merge", fail)
    await search_upkeep.run(app)
    assert await app.database.read(forgetting.due) == {"answer_words": 3}
