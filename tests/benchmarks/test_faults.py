"""What the benchmark of faults calls a loss is one, and it sees where commits end."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from main_process.database import DatabaseManager
from main_process.repositories.sessions import Sessions
from main_process.repositories.tracking import Tracker
from main_process.workspace import open_workspace
from tests.benchmarks.faults.damage import commits_in
from tests.benchmarks.faults.ledger import Ledger, judge
from tests.benchmarks.faults.writer import Writing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "interview.db"


@pytest.fixture
def ledger() -> Ledger:
    ledger = Ledger()
    for line in ("asked a", "asked b", "asked c", "kept a", "kept b", "failed c DB001", "asked d"):
        ledger.note(line)
    return ledger


@pytest.fixture
async def database(path: Path) -> AsyncIterator[DatabaseManager]:
    """It holds the sessions a, b and d."""
    async with DatabaseManager.open(path) as database:
        sessions = Sessions(Tracker(await database.write(open_workspace)))
        writing = Writing(database, sessions)
        for name in ("a", "b", "d"):
            await writing.insert(name)
        yield database


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        plain.execute(statement)


def test_a_ledger_knows_what_was_never_answered(ledger: Ledger) -> None:
    assert ledger.open == {"d"}
    assert ledger.words["asked"] == 4


async def test_all_is_well_when_all_is_there(
    database: DatabaseManager, path: Path, ledger: Ledger
) -> None:
    verdict = judge(path, ledger)
    assert verdict.holds
    assert (verdict.open_in, verdict.open_out) == (1, 0)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DELETE FROM sessions WHERE title = 'a'", "lost"),
        ("DELETE FROM change_log WHERE entity_id = (SELECT min(id) FROM sessions)", "torn"),
        ("DELETE FROM session_questions WHERE position = 1", "torn"),
        ("UPDATE sessions SET title = 'c' WHERE title = 'd'", "untrue"),
        ("UPDATE sessions SET title = 'x' WHERE title = 'd'", "unknown"),
        ("DELETE FROM workspaces", "unsound"),
    ],
)
async def test_what_is_not_as_it_was_said_is_found(
    database: DatabaseManager, path: Path, ledger: Ledger, statement: str, found: str
) -> None:
    change(path, statement)
    verdict = judge(path, ledger)
    assert getattr(verdict, found)
    assert not verdict.holds


async def test_each_commit_in_the_log_is_seen(database: DatabaseManager, path: Path) -> None:
    log = path.with_name("interview.db-wal")
    before = commits_in(log)
    await database.write(lambda tx: tx.execute("UPDATE sessions SET title = 'one'"))
    await database.write(lambda tx: tx.execute("UPDATE sessions SET title = 'two'"))
    after = commits_in(log)
    assert after[:-2] == before
    assert after[-1] == log.stat().st_size
