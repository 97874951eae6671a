"""Queries on the large file: a question by its key, pages, and searches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from main_process.database import Transaction
from main_process.repositories.cursors import to_cursor
from main_process.repositories.listing import Place
from main_process.repositories.questions import _question as to_question
from main_process.services import Services
from shared_contracts.questions import QuestionFilter
from tests.benchmarks import dataset
from tests.benchmarks.database.ours import OURS, READS, reader_pragmas
from tests.benchmarks.database.peers import (
    Aiosqlite,
    Peer,
    Pragmas,
    open_aiosqlite,
    open_plain,
    open_sqlalchemy,
)
from tests.benchmarks.database.statements import Noter, Statement, Unit, Work
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
_BY_RANK = (
    "SELECT rowid FROM question_words WHERE question_words MATCH ? ORDER BY rank LIMIT ?",
    (f'"{dataset.COMMON}"', PAGE),
)
_NAIVE = "the usual way to search: FTS5's ORDER BY rank, numbers alone, no structs"
Decode: TypeAlias = Callable[[Sequence[Any]], object]


@dataclass(frozen=True, slots=True)
class Group:
    """Reads of one kind; `limit` is the bar on our time over aiosqlite's, None if there is none.

    Peers run every statement that we run, and make structs of the last one's rows by `decode`.
    """

    name: str
    works: Sequence[Work]
    decode: Decode = to_question
    limit: float | None = None
    batch: int = _BATCH


async def run_reads(app: Services, path: Path, effort: Effort) -> tuple[list[Result], list[Bar]]:
    """Everybody in turn: on all cores, and on one."""
    found: list[Result] = []
    bars: list[Bar] = []
    async with _peers(path, await reader_pragmas(app)) as peers:
        for group in await _groups(app):
            contenders = _contenders(app, peers, path, group)
            if "common" in group.name:
                contenders.append(_by_rank(peers[0]))
            found += results(contenders, await measure(contenders, effort), group.name)
            if group.limit is not None:
                name = f"{group.name}, one core"
                with one_core():
                    measured = await measure(contenders, effort)
                found += results(contenders, measured, name)
                ratios = latency_ratios(measured, OURS, Aiosqlite.name)
                bars.append(
                    bar(f"{name}: p50 over aiosqlite in one hop", ratios, "<=", group.limit)
                )
    return found, bars


async def run_sizes(
    large: Services, small: Services, effort: Effort
) -> tuple[list[Result], list[Bar]]:
    """Our page of the large file beside the same page of a small one."""
    contenders = [
        Contender(name, READS, one_by_one(_reading(app, [_page(app, None)]), _BATCH))
        for name, app in ((_LARGE, large), (_SMALL, small))
    ]
    with one_core():
        measured = await measure(contenders, effort)
    ratios = latency_ratios(measured, _LARGE, _SMALL)
    return results(contenders, measured, "page of 50, one core"), [
        bar("page of 50, one core: p50 on the large file over the small one", ratios, "<=", 1.5)
    ]


def deep_cursor(tx: Transaction) -> str:
    """The cursor of a page with nine tenths of the questions before it."""
    (rows,) = tx.execute("SELECT count(*) FROM questions").fetchone()
    topic, row_id = tx.execute(
        "SELECT topic, id FROM questions WHERE deleted_at IS NULL ORDER BY topic, id"
        " LIMIT 1 OFFSET ?",
        (rows * 9 // 10,),
    ).fetchone()
    return to_cursor(Place(topic, UUID(bytes=row_id)))


async def _groups(app: Services) -> list[Group]:
    keys = await app.database.read(_sample_keys)
    by_key = [partial(app.questions.by_id, question_id=key) for key in keys]
    deep = _page(app, await app.database.read(deep_cursor))
    return [
        Group("by key", by_key, limit=1.3),
        Group("page of 50", [_page(app, None)], limit=1.3),
        Group("deep page of 50", [deep], limit=1.3),
        Group("search, rare word", [_page(app, None, f"{dataset.RARE} ")], _numbered),
        Group("search, common word", [_page(app, None, f"{dataset.COMMON} ")], _numbered, batch=4),
    ]


def _sample_keys(tx: Transaction) -> list[UUID]:
    """Questions from all over the file, in no order."""
    (rows,) = tx.execute("SELECT count(*) FROM questions").fetchone()
    found = tx.execute(
        "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS number FROM questions)"
        " WHERE number % ? = 0 ORDER BY substr(id, -4)",
        (max(1, rows // _KEYS),),
    )
    return [UUID(bytes=row_id) for (row_id,) in found]


def _page(app: Services, after: str | None, text: str = "") -> Work:
    wanted = QuestionFilter(text=text)
    return lambda tx: app.questions.page(tx, wanted, PAGE, after)


def _numbered(row: Sequence[Any]) -> object:
    """A search's row has the number in the index before the question."""
    return to_question(row[1:])


@asynccontextmanager
async def _peers(path: Path, pragmas: Pragmas) -> AsyncIterator[list[Peer]]:
    async with (
        open_plain(path, pragmas) as plain,
        open_aiosqlite(path, pragmas) as one_hop,
        open_sqlalchemy(path, pragmas) as sqlalchemy,
    ):
        yield [plain, one_hop, sqlalchemy]


def _contenders(app: Services, peers: Sequence[Peer], path: Path, group: Group) -> list[Contender]:
    with closing(Noter(path)) as noter:
        units = noter.units(group.works)
    return [
        Contender(OURS, READS, one_by_one(_reading(app, group.works), group.batch)),
        *(
            Contender(
                peer.name,
                peer.reads,
                one_by_one(_peer_reading(peer, units, group.decode), group.batch),
            )
            for peer in peers
        ),
    ]


def _by_rank(peer: Peer) -> Contender:
    operation = partial(peer.read, Statement(*_BY_RANK))
    return Contender(f"{peer.name}, ORDER BY rank", _NAIVE, one_by_one(operation, 1))


def _reading(app: Services, works: Sequence[Work]) -> Operation:
    """Our way to do them in turn."""
    turn = cycle(works)
    return lambda: app.database.read(next(turn))


def _peer_reading(peer: Peer, units: Sequence[Unit], decode: Decode) -> Operation:
    """A peer's way: the same statements, and the same structs of the last one's rows."""
    turn = cycle(units)

    async def operation() -> object:
        *others, last = next(turn)
        for statement in others:
            await peer.read(statement)
        return [decode(row) for row in (await peer.read(last))[:PAGE]]

    return operation
