"""Everything that the page asks of the database, timed through its handler."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any, TypeAlias
from uuid import UUID

from main_process.database import Transaction
from main_process.handlers import ROUTES
from main_process.services import Services
from shared_contracts import channels
from shared_contracts.answers import SearchAnswers
from shared_contracts.channels import Channel
from shared_contracts.questions import GetCatalogue, GetQuestions, QuestionFilter
from shared_contracts.sessions import GetHistory, GetSession, SessionSetup, StartSession
from shared_contracts.settings import GetSettings
from tests.benchmarks import dataset
from tests.benchmarks.database.kinds import kinds
from tests.benchmarks.database.reads import deep_cursor
from tests.benchmarks.machine import load
from tests.benchmarks.report import Result, Target, holds
from tests.benchmarks.rounds import Contender, Effort, Operation, measure, one_by_one, result

CALLERS = 64
LIMIT_MS = 50
_BATCH = 4
_SESSIONS = 100
_HANDLERS = dict(ROUTES)
_Asked: TypeAlias = tuple[str, Channel[Any, Any], Sequence[Any]]
"""A name for the report, whom it is asked of, and what is asked in turn."""


async def run_queries(app: Services, effort: Effort) -> tuple[list[Result], list[Target]]:
    """Each query alone, then all of them while 64 callers write without a pause."""
    contenders = [
        Contender(
            name, f"the handler of {channel.name}", one_by_one(operation, effort.batch_of(_BATCH))
        )
        for name, channel, operation in await _queries(app)
    ]
    found, targets = await _measured(contenders, effort, "alone")
    async with _saturated(app):
        more, hard = await _measured(contenders, effort, f"while {CALLERS} write")
    return [*found, *more], [*targets, *hard]


async def _measured(
    contenders: Sequence[Contender], effort: Effort, when: str
) -> tuple[list[Result], list[Target]]:
    measured = await measure(contenders, effort)
    found = [result(one, measured[one.name], when) for one in contenders]
    return found, [_target(one) for one in found]


def _target(found: Result) -> Target:
    p99 = round((found.p99_us or 0) / 1_000, 3)
    return Target(
        f"{found.name}: p99",
        p99,
        "<=",
        LIMIT_MS,
        "ms",
        holds(p99, "<=", LIMIT_MS),
        round(load(), 2),
    )


@asynccontextmanager
async def _saturated(app: Services) -> AsyncIterator[None]:
    """Have 64 callers write each kind in turn, each as soon as the one before is on disk."""
    works = cycle(await kinds(app))

    async def write() -> None:
        while True:
            await app.database.write(next(works).work())

    writers = [asyncio.create_task(write()) for _ in range(CALLERS)]
    try:
        yield
    finally:
        for writer in writers:
            writer.cancel()
        await asyncio.gather(*writers, return_exceptions=True)


async def _queries(app: Services) -> list[tuple[str, Channel[Any, Any], Operation]]:
    sessions = await app.database.read(_sessions)
    asked: list[_Asked] = [
        *await _pages(app),
        ("catalogue", channels.CATALOGUE_GET, [GetCatalogue()]),
        ("history", channels.SESSION_HISTORY, [GetHistory()]),
        ("deep history", channels.SESSION_HISTORY, [GetHistory(after=sessions[9].hex)]),
        ("interview", channels.SESSION_GET, [GetSession(session_id=one) for one in sessions]),
        ("start of an interview", channels.SESSION_START, [StartSession(setup=SessionSetup())]),
        ("settings", channels.SETTINGS_GET, [GetSettings()]),
    ]
    return [(name, channel, _ask(app, channel, given)) for name, channel, given in asked]


async def _pages(app: Services) -> list[_Asked]:
    after = await app.database.read(deep_cursor)
    few = QuestionFilter(topics=("backend", "data"), kinds=("technical",), difficulties=("hard",))
    pages = {
        "page": GetQuestions(count=True),
        "deep page": GetQuestions(after=after),
        "page of a filter": GetQuestions(filter=few, count=True),
    }
    asked: list[_Asked] = [(name, channels.QUESTIONS_GET, [page]) for name, page in pages.items()]
    for name, text in (await _texts(app)).items():
        question = GetQuestions(filter=QuestionFilter(text=text), count=True)
        asked.append((f"search, {name}", channels.QUESTIONS_GET, [question]))
        answer = SearchAnswers(text=text)
        asked.append((f"search of answers, {name}", channels.ANSWERS_SEARCH, [answer]))
    return asked


async def _texts(app: Services) -> dict[str, str]:
    """What is typed; a word that a space follows is no prefix."""
    (prompt,) = await app.database.read(
        lambda tx: tx.execute("SELECT prompt FROM questions WHERE source = 'own'").fetchone()
    )
    _, *words = prompt.split()
    return {
        "rare word": f"{dataset.RARE} ",
        "common word": f"{dataset.COMMON} ",
        "prefix": dataset.COMMON[:3],
        "phrase": f'"{" ".join(words[:3])}"',
        "no hit": "xylophone ",
    }


def _ask(app: Services, channel: Channel[Any, Any], requests: Sequence[Any]) -> Operation:
    turn, handler = cycle(requests), _HANDLERS[channel]
    return lambda: handler(app, next(turn))


def _sessions(tx: Transaction) -> list[UUID]:
    """Interviews from all over the file, the oldest first."""
    (rows,) = tx.execute("SELECT count(*) FROM sessions").fetchone()
    found = tx.execute(
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM sessions)"
        " WHERE number % ? = 0",
        (max(1, rows // _SESSIONS),),
    )
    return [UUID(bytes=row_id) for (row_id,) in found]
