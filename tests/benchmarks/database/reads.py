"""Queries on the large file: a question by its key, pages, and searches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from functools import partial
from itertools import cycle
from pathlib import Path
from uuid import UUID

from main_process.database import Transaction
from main_process.repositories.questions import _question as to_question
from main_process.services import Services
from shared_contracts.questions import QuestionFilter
from tests.benchmarks.database.ours import OURS, READS, reader_pragmas
from tests.benchmarks.database.peers import (
    Aiosqlite,
    Peer,
    Pragmas,
    open_aiosqlite,
    open_plain,
    open_sqlalchemy,
)
from tests.benchmarks.database.statements import Noter, Statement, Work
from tests.benchmarks.machine import one_core
from tests.benchmarks.report import Bar, Result
from tests.benchmarks.rounds import (
    Contender,
    Effort,
    Operation,
    bar,
    latency_ratios,
    measure,
    one_by_one,
    results,
)

PAGE = 50
_KEYS = 500
_BATCH = 20
_LARGE, _SMALL = "ours, large file", "ours, small file"
_NO_FILTER = QuestionFilter()


def sample_keys(tx: Transaction) -> list[UUID]:
    """Questions from all over the file, in no order."""
    (rows,) = tx.execute("SELECT count(*) FROM questions").fetchone()
    found = tx.execute(
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM questions)"
        " WHERE number % ? = 0 ORDER BY substr(id, -4)",
        (max(1, rows // _KEYS),),
    )
    return [UUID(bytes=row_id) for (row_id,) in found]


def deep_cursor(tx: Transaction) -> str:
    """The cursor of a page with nine tenths of the questions before it."""
    (rows,) = tx.execute("SELECT count(*) FROM questions").fetchone()
    topic, row_id = tx.execute(
        "SELECT topic, id FROM questions WHERE deleted_at IS NULL ORDER BY topic, id"
        " LIMIT 1 OFFSET ?",
        (rows * 9 // 10,),
    ).fetchone()
    return f"{topic}/{row_id.hex()}"


def page(app: Services, after: str | None) -> Work:
    """A page of the whole bank."""
    return lambda tx: app.questions.page(tx, _NO_FILTER, PAGE, after)


def reading(app: Services, works: Sequence[Work]) -> Operation:
    """Our way to do them in turn."""
    turn = cycle(works)
    return lambda: app.database.read(next(turn))


def peer_reading(peer: Peer, statements: Sequence[Statement]) -> Operation:
    """A peer's way: the same query, and the same structs of its rows."""
    turn = cycle(statements)

    async def operation() -> object:
        rows = await peer.read(next(turn))
        return [to_question(tuple(row)) for row in rows[:PAGE]]

    return operation


async def run_reads(app: Services, path: Path, effort: Effort) -> tuple[list[Result], list[Bar]]:
    """By key, the first page and a deep one, everybody in turn: on all cores, and on one."""
    keys = await app.database.read(sample_keys)
    groups: dict[str, Sequence[Work]] = {
        "by key": [partial(app.questions.by_id, question_id=key) for key in keys],
        "page of 50": [page(app, None)],
        "deep page of 50": [page(app, await app.database.read(deep_cursor))],
    }
    found: list[Result] = []
    bars: list[Bar] = []
    async with _peers(path, await reader_pragmas(app)) as peers:
        for group, works in groups.items():
            contenders = _contenders(app, peers, path, works)
            found += results(contenders, await measure(contenders, effort), group)
            with one_core():
                measured = await measure(contenders, effort)
            found += results(contenders, measured, f"{group}, one core")
            ratios = latency_ratios(measured, OURS, Aiosqlite.name)
            bars.append(bar(f"{group}, one core: p50 over aiosqlite in one hop", ratios, "<=", 1.3))
    return found, bars


async def run_sizes(
    large: Services, small: Services, effort: Effort
) -> tuple[list[Result], list[Bar]]:
    """Our page of the large file beside the same page of a small one."""
    contenders = [
        Contender(name, READS, one_by_one(reading(app, [page(app, None)]), _BATCH))
        for name, app in ((_LARGE, large), (_SMALL, small))
    ]
    with one_core():
        measured = await measure(contenders, effort)
    ratios = latency_ratios(measured, _LARGE, _SMALL)
    return results(contenders, measured, "page of 50, one core"), [
        bar("page of 50, one core: p50 on the large file over the small one", ratios, "<=", 1.5)
    ]


@asynccontextmanager
async def _peers(path: Path, pragmas: Pragmas) -> AsyncIterator[list[Peer]]:
    async with (
        open_plain(path, pragmas) as plain,
        open_aiosqlite(path, pragmas) as one_hop,
        open_sqlalchemy(path, pragmas) as sqlalchemy,
    ):
        yield [plain, one_hop, sqlalchemy]


def _contenders(
    app: Services, peers: Sequence[Peer], path: Path, works: Sequence[Work]
) -> list[Contender]:
    with closing(Noter(path)) as noter:
        # The last statement of a unit is the one whose rows become structs.
        statements = [unit[-1] for unit in noter.units(works)]
    return [
        Contender(OURS, READS, one_by_one(reading(app, works), _BATCH)),
        *(
            Contender(peer.name, peer.reads, one_by_one(peer_reading(peer, statements), _BATCH))
            for peer in peers
        ),
    ]
