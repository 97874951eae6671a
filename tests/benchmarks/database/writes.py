"""Writes on the large file: one after the other, and 64 callers at once."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from main_process.services import Services
from tests.benchmarks.database.kinds import Kind, kinds
from tests.benchmarks.database.ours import OURS, WRITES, writer_pragmas
from tests.benchmarks.database.peers import (
    Aiosqlite,
    Peer,
    Plain,
    SQLAlchemy,
    open_aiosqlite,
    open_plain,
    open_sqlalchemy,
)
from tests.benchmarks.database.statements import Noter, Unit, Work
from tests.benchmarks.machine import load
from tests.benchmarks.report import Bar, Result, Target
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
MANY, FEWER = 8, 1
"""What each caller writes in a batch of those who are quick, and of the others."""
_ONE_BY_ONE = 16
_WARM_UP = 16
"""Peers share a file, so each finds its cache out of date and first fills it, in nobody's time."""
_PLAIN_TOGETHER = (
    "sqlite3 on the loop's own thread: 64 units to a transaction, a savepoint around the noted"
    " statements of each"
)
_FSYNC = "4 KiB appended to a file beside the database, and fsync: what the disk takes"


@dataclass(frozen=True, slots=True)
class Field:
    """Everybody who writes. Peers write to a copy of their own."""

    app: Services
    noter: Noter
    plain: Plain
    aiosqlite: Aiosqlite
    sqlalchemy: SQLAlchemy
    disk: IO[bytes]

    async def append(self) -> None:
        """What every commit has to wait for."""
        self.disk.write(b"\x55" * 4_096)
        os.fsync(self.disk.fileno())


@asynccontextmanager
async def open_field(app: Services, peers_file: Path) -> AsyncIterator[Field]:
    """Let the peers open their file, with our writer's settings."""
    pragmas = await writer_pragmas(app)
    async with (
        open_plain(peers_file, pragmas) as plain,
        open_aiosqlite(peers_file, pragmas) as each,
        open_sqlalchemy(peers_file, pragmas) as sqlalchemy,
    ):
        with (
            closing(Noter(peers_file)) as noter,
            TemporaryFile(dir=peers_file.parent, buffering=0) as disk,
        ):
            yield Field(app, noter, plain, each, sqlalchemy, disk)


@dataclass(slots=True)
class _Line:
    """One kind of write, for everybody: as our work, and as the statements that it runs."""

    field: Field
    kind: Kind
    works: deque[Work]
    units: deque[Unit]

    def ours(self) -> Awaitable[object]:
        """Write the next."""
        return self.field.app.database.write(self.works.popleft())

    def by(self, peer: Peer) -> Awaitable[object]:
        """Let the peer write the next."""
        return peer.write(self.units.popleft())

    async def together(self) -> list[int]:
        """Let plain sqlite3 write them all, in groups."""
        took: list[int] = []
        while self.units:
            group = [self.units.popleft() for _ in range(CALLERS)]
            began = time.perf_counter_ns()
            self.field.plain.write_together(group)
            took += [time.perf_counter_ns() - began] * CALLERS
        return took

    def our_turn(self, batch: Batch, count: int) -> Contender:
        """Us, with as many ready."""

        async def prepare() -> None:
            self.works = deque(self.kind.work() for _ in range(count))

        return Contender(OURS, WRITES, batch, prepare)

    def turn_of(self, peer: Peer, batch: Batch, count: int) -> Contender:
        """A peer, with as many ready."""

        async def prepare() -> None:
            works = [self.kind.work() for _ in range(count + _WARM_UP)]
            self.units = deque(self.field.noter.units(works))
            for _ in range(_WARM_UP):
                await self.by(peer)

        return Contender(peer.name, peer.writes, batch, prepare)

    def one_by_one(self, effort: Effort) -> list[Contender]:
        """Everybody, each write after the one before."""
        field, count = self.field, effort.batch_of(_ONE_BY_ONE)
        peers = (field.plain, field.aiosqlite, field.sqlalchemy)
        return [
            self.our_turn(one_by_one(self.ours, count), count),
            *(
                self.turn_of(peer, one_by_one(partial(self.by, peer), count), count)
                for peer in peers
            ),
            Contender("fsync alone", _FSYNC, one_by_one(field.append, count)),
        ]

    def at_once(self, effort: Effort) -> list[Contender]:
        """Everybody, with 64 callers who wait at the same time."""
        field, many, fewer = self.field, effort.batch_of(MANY), effort.batch_of(FEWER)
        peers = (field.aiosqlite, field.sqlalchemy)
        return [
            self.our_turn(at_once(self.ours, CALLERS, many), CALLERS * many),
            replace(self.turn_of(field.plain, self.together, CALLERS * many), what=_PLAIN_TOGETHER),
            *(
                self.turn_of(peer, at_once(partial(self.by, peer), CALLERS, fewer), CALLERS * fewer)
                for peer in peers
            ),
            Contender("fsync alone", _FSYNC, one_by_one(field.append, many)),
        ]


@dataclass(slots=True)
class Written:
    """What was found. The lightest kind has the bars.

    The heavier ones spend most of their time in SQLite's search index, whoever calls it: what they
    reach is told as targets.
    """

    results: list[Result]
    bars: list[Bar]
    targets: list[Target]


async def run_writes(app: Services, peers_file: Path, effort: Effort) -> Written:
    """Each kind one after the other, then by 64 callers at once."""
    written = Written([], [], [])
    async with open_field(app, peers_file) as field:
        for kind in await kinds(app):
            line = _Line(field, kind, deque(), deque())
            single = line.one_by_one(effort)
            measured = await measure(single, effort)
            written.results += results(single, measured, f"{kind.name}, one by one")
            together = line.at_once(effort)
            measured = await measure(together, effort)
            written.results += results(together, measured, f"{kind.name}, {CALLERS} at once")
            bars = _bars(measured, kind)
            if kind.has_bars:
                written.bars += bars
            else:
                written.targets += map(_as_target, bars)
    return written


def _bars(measured: Measured, kind: Kind) -> list[Bar]:
    each = rate_ratios(measured, OURS, Aiosqlite.name)
    limit = rate_ratios(measured, OURS, Plain.name)
    name = f"{kind.name}, {CALLERS} at once"
    return [
        bar(f"{name}: per second over aiosqlite, a commit each", each, ">=", 8),
        bar(f"{name}: per second over plain sqlite3, {CALLERS} to a transaction", limit, ">=", 0.6),
    ]


def _as_target(bar: Bar) -> Target:
    return Target(bar.name, bar.value, bar.op, bar.bar, "times", bar.holds, round(load(), 2))
