"""Writes on the large file: one after the other, and 64 callers at once."""

from __future__ import annotations

import os
import random
import time
from collections import deque
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.benchmarks.database.ours import OURS, WRITES, Ours, writer_pragmas
from tests.benchmarks.database.peers import (
    Peer,
    Plain,
    open_aiosqlite,
    open_plain,
    open_sqlalchemy,
)
from tests.benchmarks.database.rows import make_question
from tests.benchmarks.database.statements import Noter, Unit, Work
from tests.benchmarks.report import Bar, Result
from tests.benchmarks.rounds import (
    Batch,
    Contender,
    Effort,
    Measured,
    at_once,
    bar,
    measure,
    one_by_one,
    rate_ratios,
    results,
)

CALLERS = 64
QUICK_EACH = 16
"""What each caller writes in a batch of those who are quick; the others write a quarter of it."""
_WARM_UP = 16
"""Peers share a file, so each finds its cache out of date and first fills it, in nobody's time."""
_FSYNC = "fsync alone"
_PLAIN_TOGETHER = (
    "sqlite3 on the loop's own thread: 64 units to a transaction, a savepoint around the noted"
    " statements of each"
)


class _Questions:
    """Own questions to be added: as our work, and as the statements that it runs."""

    def __init__(self, ours: Ours, noter: Noter) -> None:
        self._ours = ours
        self._noter = noter
        self._chance = random.Random(0)  # noqa: S311  words, not secrets
        self._works: deque[Work] = deque()
        self._units: deque[Unit] = deque()

    def _work(self) -> Work:
        question = make_question(self._chance, self._chance.randrange(1_000))
        return partial(self._ours.questions.insert, question=question)

    async def make_works(self, count: int) -> None:
        """Have as many ready for us."""
        self._works = deque(self._work() for _ in range(count))

    async def make_units(self, count: int, peer: Peer) -> None:
        """Have as many ready for the peer, whose cache is filled."""
        works = [self._work() for _ in range(count + _WARM_UP)]
        self._units = deque(self._noter.units(works))
        for _ in range(_WARM_UP):
            await self.by(peer)

    async def ours(self) -> None:
        """Add the next."""
        await self._ours.database.write(self._works.popleft())

    async def by(self, peer: Peer) -> None:
        """Let the peer add the next."""
        await peer.write(self._units.popleft())

    def units(self, count: int) -> list[Unit]:
        """Take as many."""
        return [self._units.popleft() for _ in range(count)]


@dataclass(frozen=True, slots=True)
class _Field:
    """Who writes, and what."""

    questions: _Questions
    plain: Plain
    aiosqlite: Peer
    sqlalchemy: Peer
    disk: IO[bytes]

    def ours(self, batch: Batch, count: int) -> Contender:
        return Contender(OURS, WRITES, batch, partial(self.questions.make_works, count))

    def peer(self, peer: Peer, batch: Batch, count: int) -> Contender:
        prepare = partial(self.questions.make_units, count, peer)
        return Contender(peer.name, peer.writes, batch, prepare)

    def fsync(self, count: int) -> Contender:
        what = "4 KiB appended to a file beside the database, and fsync: what the disk takes"
        return Contender(_FSYNC, what, one_by_one(self._append, count))

    async def _append(self) -> None:
        self.disk.write(b"\x55" * 4_096)
        os.fsync(self.disk.fileno())


async def run_writes(
    ours: Ours, peers_file: Path, effort: Effort
) -> tuple[list[Result], list[Bar]]:
    """One after the other, then 64 callers at once."""
    pragmas = await writer_pragmas(ours)
    async with AsyncExitStack() as stack:
        disk = TemporaryFile(dir=peers_file.parent, buffering=0)  # noqa: SIM115  the stack's
        noter = stack.enter_context(closing(Noter(peers_file)))
        field = _Field(
            questions=_Questions(ours, noter),
            plain=await stack.enter_async_context(open_plain(peers_file, pragmas)),
            aiosqlite=await stack.enter_async_context(open_aiosqlite(peers_file, pragmas)),
            sqlalchemy=await stack.enter_async_context(open_sqlalchemy(peers_file, pragmas)),
            disk=stack.enter_context(disk),
        )
        single = _single(field)
        found = results(single, await measure(single, effort), "single write")
        together = _together(field)
        measured = await measure(together, effort)
        found += results(together, measured, f"{CALLERS} writers at once")
    return found, _bars(measured, field)


def _single(field: _Field, count: int = 16) -> list[Contender]:
    peers = (field.plain, field.aiosqlite, field.sqlalchemy)
    return [
        field.ours(one_by_one(field.questions.ours, count), count),
        *(
            field.peer(peer, one_by_one(partial(field.questions.by, peer), count), count)
            for peer in peers
        ),
        field.fsync(count),
    ]


def _together(field: _Field) -> list[Contender]:
    questions, many, fewer = field.questions, QUICK_EACH, QUICK_EACH // 4
    return [
        field.ours(at_once(questions.ours, CALLERS, many), CALLERS * many),
        replace(
            field.peer(field.plain, partial(_in_groups, field, many), CALLERS * many),
            what=_PLAIN_TOGETHER,
        ),
        *(
            field.peer(peer, at_once(partial(questions.by, peer), CALLERS, fewer), CALLERS * fewer)
            for peer in (field.aiosqlite, field.sqlalchemy)
        ),
        field.fsync(many),
    ]


async def _in_groups(field: _Field, groups: int) -> list[int]:
    took: list[int] = []
    for _ in range(groups):
        units = field.questions.units(CALLERS)
        began = time.perf_counter_ns()
        field.plain.write_together(units)
        took += [time.perf_counter_ns() - began] * CALLERS
    return took


def _bars(measured: Measured, field: _Field) -> list[Bar]:
    plain = rate_ratios(measured, OURS, field.plain.name)
    each = rate_ratios(measured, OURS, field.aiosqlite.name)
    return [
        bar(f"{CALLERS} writers: commits a second over aiosqlite's, a commit each", each, ">=", 8),
        bar(f"{CALLERS} writers: over plain sqlite3, {CALLERS} to a transaction", plain, ">=", 0.6),
    ]
