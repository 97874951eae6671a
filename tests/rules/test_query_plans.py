"""Whatever is asked of the app, SQLite looks rows up and reads no table from end to end.

Every key begins with the owner, and all rows are one owner's: a step that knows the owner alone
reads as much as a scan, unless it is bound to stop early.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from main_process.database import DatabaseManager, Transaction
from main_process.database.migrate import migrate
from main_process.handlers import answers, app, questions, sessions
from main_process.repositories import forgetting
from main_process.services import Services, open_services
from shared_contracts.answers import SearchAnswers
from shared_contracts.health import GetHealth
from shared_contracts.questions import GetCatalogue, GetQuestions, QuestionFilter
from shared_contracts.schema import metadata
from shared_contracts.sessions import DeleteSession, GetHistory, GetSession, RestoreSession
from tests import steps
from tests.life import live
from tests.unit.main_process.conftest import BANK

SMALL = ("workspaces", "devices", "settings", "forgotten")
"""Tables with a row or two."""
LARGE = [table for table in metadata.tables if table not in SMALL]
STOPS_EARLY = re.compile(r"\bLIMIT\b|SELECT (coalesce\()?(min|max)\(")
"""A limit, or an end of an index, which SQLite looks up."""
AS_GOOD_AS_A_SCAN = re.compile(r"\(owner_id=\?\)")
ONLY_WHAT_GOES = "ix_sessions_deleted"
FILTERS = (
    QuestionFilter(),
    QuestionFilter(topics=("bread", "people")),
    QuestionFilter(kinds=("technical",), difficulties=("easy", "hard")),
    QuestionFilter(text="index dat"),
    QuestionFilter(text="index", kinds=("technical",), topics=("system-design",)),
)


async def use(services: Services) -> None:
    """Ask for everything that reads much or might."""
    await live(services)
    for wanted in FILTERS:
        page = await questions.get(services, GetQuestions(filter=wanted, limit=2, count=True))
        after = GetQuestions(filter=wanted, limit=2, after=page.next)
        await questions.get(services, after)
    await questions.catalogue(services, GetCatalogue())
    history = await sessions.history(services, GetHistory(limit=1))
    await sessions.history(services, GetHistory(limit=1, after=history.next))
    session = await steps.start(services, question_count=3)
    for question in session.questions:
        await steps.answer(services, question)
    found = await answers.search(services, SearchAnswers(text="makes rea", limit=1))
    await answers.search(services, SearchAnswers(text="makes rea", limit=1, after=found.next))
    await sessions.get(services, GetSession(session_id=session.id))
    await sessions.delete(services, DeleteSession(session_id=session.id))
    await sessions.restore(services, RestoreSession(session_id=session.id))
    await app.health(services, GetHealth())
    await services.database.write(services.evaluations.claim_next)
    await services.database.write(services.evaluations.requeue_interrupted)


async def statements_of_a_life(path: Path) -> set[str]:
    """All statements of two starts of the app and what is done in between, with their values."""
    said: set[str] = set()

    def listen(tx: Transaction) -> None:
        tx.set_trace_callback(said.add)

    for _ in range(2):
        async with DatabaseManager.open(path) as database:
            await database.write(listen)
            for _ in range(2):
                await database.read(listen)
            services = await open_services(path.parent, database, BANK, lambda: ())
            await use(services)
            await database.read(forgetting.due)
    return {one for one in said if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", one)}


def test_nothing_is_read_from_end_to_end(tmp_path: Path) -> None:

    path = tmp_path / "interview.db"
    migrate(path)
    empty = Path(shutil.copy(path, tmp_path / "empty.db"))
    said = asyncio.run(statements_of_a_life(path))
    assert len(said) > 100
    bad = []
    with closing(sqlite3.connect(empty)) as plain:
        for statement in sorted(said):
            for _, _, _, step in plain.execute(f"EXPLAIN QUERY PLAN {statement}"):
                if reads_all(step, statement):
                    bad.append((step, statement[:300]))
    assert "\n".join(map(str, bad)) == ""


def reads_all(step: str, statement: str) -> bool:
    """Whether a step of a plan may read a whole table, or index, of those that grow."""
    if step.startswith("SCAN"):
        return any(re.match(rf"SCAN {table}\b", step) for table in LARGE)
    if ONLY_WHAT_GOES in step or STOPS_EARLY.search(statement):
        return False
    return bool(AS_GOOD_AS_A_SCAN.search(step))


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("SELECT * FROM questions", True),
        ("SELECT * FROM answers WHERE owner_id = x'00' AND text = 'a'", True),
        ("SELECT * FROM answers WHERE owner_id = x'00' AND id = x'00'", False),
        ("SELECT * FROM workspaces", False),
    ],
)
def test_a_plan_that_reads_all_is_known(tmp_path: Path, statement: str, bad: bool) -> None:  # noqa: FBT001
    migrate(tmp_path / "it.db")
    with closing(sqlite3.connect(tmp_path / "it.db")) as plain:
        plan = plain.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
    assert any(reads_all(step, statement) for *_, step in plan) is bad
