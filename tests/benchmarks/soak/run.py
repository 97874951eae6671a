"""Starts the app, lets people use it while processes are killed, kills it, and counts."""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from main_process.profile_folder import read_run_info
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Bar, Report, Result, Target, holds
from tests.benchmarks.soak.ledger import Ledger, Loss
from tests.benchmarks.soak.page import Browser, PageClient, Tally
from tests.benchmarks.soak.people import LEFT_OUT, Person
from tests.benchmarks.soak.watch import Watch, ready, slope_an_hour
from tests.end_to_end.app_driver import App, address_in
from tests.ipc_client import Client

MINUTES = 9.0
QUICK_MINUTES = 0.5
CHILDREN = ("renderer", "ai_service")
ERROR_RATE = 0.001
MEMORY_MB_AN_HOUR = 20.0
DESCRIPTORS = 5.0
GROWTH_SECONDS = 300.0
"""In less time than this, warming up hides whether anything grows."""
_MINUTE = 60.0
_SAMPLE_SECONDS = 2.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """How long, by how many, and with which dice."""
    parser.add_argument("--minutes", type=float, metavar="N", help=f"how long ({MINUTES:g})")
    parser.add_argument("--people", type=int, default=4, metavar="N", help="at once (%(default)s)")
    parser.add_argument(
        "--pause-ms", type=float, default=30, metavar="N", help="between two calls (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the dice")


@dataclass
class Outcome:
    """All that a run left."""

    tally: Tally
    watch: Watch
    interviews: int
    confirmed: int
    losses: list[Loss]
    whole: bool
    seconds: float


def run(options: argparse.Namespace) -> Report:
    """Soak the app, and say what became of it."""
    minutes = options.minutes or (QUICK_MINUTES if options.quick else MINUTES)
    load_before = load()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        app = App(Path(folder) / "profile", "browser")
        try:
            outcome = asyncio.run(_soak(app, minutes * _MINUTE, options))
        finally:
            app.stop()
        described = machine(Path(folder), load_before)
    return Report(
        benchmark="soak",
        commit=commit(),
        date=today(),
        machine=described,
        settings={
            "minutes": minutes,
            "people": options.people,
            "pause ms": options.pause_ms,
            "seed": options.seed,
            "left out": LEFT_OUT,
        },
        results=(*_channels(outcome), _together(outcome), *_processes(outcome)),
        bars=_bars(outcome),
        targets=_targets(outcome, described.load[1]),
    )


async def _soak(app: App, seconds: float, options: argparse.Namespace) -> Outcome:
    dice = random.Random(options.seed)  # noqa: S311  for chance, not for secrets
    tally, ledger, watch = Tally(), Ledger(), Watch()
    browser = Browser(address_in(await asyncio.to_thread(app.first_line)))
    await asyncio.to_thread(app.socket.close)  # There is one now, and it is written down where.
    info = read_run_info(app.profile)
    assert info
    async with AsyncExitStack() as stack:

        async def connect() -> Client:
            return await stack.enter_async_context(Client.connect(Path(info.socket), info.token))

        async def sit_down(name: str) -> Person:
            page = await stack.enter_async_context(PageClient.open(browser, name, tally))
            return Person(page, ledger, random.Random(dice.random()), options.pause_ms / 1000)  # noqa: S311

        main = await connect()
        for name in CHILDREN:
            await ready(main, name)
        people = [await sit_down(f"page{number}") for number in range(options.people)]
        caretaker = await sit_down("caretaker")
        first_kill = min(seconds * 0.6, 150.0)
        await _for(
            seconds,
            *(person.use() for person in people),
            caretaker.take_care(min(seconds / 10, 15.0)),
            watch.sample(main, min(seconds / 10, _SAMPLE_SECONDS)),
            watch.flood(await connect(), min(seconds / 3, 30.0)),
            *[
                watch.kill_now_and_then(
                    await connect(),
                    name,
                    random.Random(dice.random()),  # noqa: S311
                    first_kill,
                )
                for name in CHILDREN
            ],
        )
        interviews = sum(person.interviews for person in people)
    await asyncio.to_thread(app.kill_everything)
    database = app.profile / "interview.db"
    losses = ledger.losses(database)
    return Outcome(tally, watch, interviews, ledger.confirmed, losses, _is_whole(database), seconds)


async def _for(seconds: float, *work: Coroutine[Any, Any, None]) -> None:
    """Do all of it for so long. Raises what any of it raises."""
    tasks = [asyncio.create_task(each) for each in work]
    done, going_on = await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in going_on:
        task.cancel()
    await asyncio.wait(tasks)
    for task in done:
        task.result()


def _is_whole(database: Path) -> bool:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        return found == [("ok",)] and not connection.execute("PRAGMA foreign_key_check").fetchall()


def _channels(outcome: Outcome) -> list[Result]:
    tally = outcome.tally
    return [
        _result(name, took, outcome.seconds, errors=dict(tally.codes[name]))
        for name, took in sorted(tally.took_ns.items())
    ]


def _result(
    name: str, took: Sequence[int], seconds: float, *, what: str = "a channel", **detail: object
) -> Result:
    ordered = sorted(took)
    return Result(
        name=name,
        what=what,
        p50_us=ordered[len(ordered) // 2] / 1_000,
        p99_us=ordered[int(len(ordered) * 0.99)] / 1_000,
        per_second=len(ordered) / seconds,
        count=len(ordered),
        detail=detail,
    )


def _together(outcome: Outcome) -> Result:
    tally, watch = outcome.tally, outcome.watch
    codes = sum(tally.codes.values(), Counter[str]())
    last = watch.samples[-1][1]
    return _result(
        "all channels",
        [each for took in tally.took_ns.values() for each in took] or [0],
        outcome.seconds,
        what="from a page to its server, mostly on to main, and back; kills included",
        interviews=outcome.interviews,
        confirmed_writes=outcome.confirmed,
        losses=[f"{loss.what} {loss.id}" for loss in outcome.losses],
        database_is_whole=outcome.whole,
        errors=dict(codes),
        flood={"asked": watch.flooded, "refused": watch.refused},
        kills=[
            {
                "name": kill.name,
                "at_s": round(kill.at, 1),
                "back_after_s": round(kill.back_after, 2),
            }
            for kill in watch.kills
        ],
        cache_hit_rate=last.cache.hit_rate,
        restarts={process.name: process.restarts for process in last.processes},
    )


def _processes(outcome: Outcome) -> list[Result]:
    """Memory and descriptors of each process over its longest life."""
    results = []
    for name in ("main", *CHILDREN):
        memory, descriptors = outcome.watch.memory(name), outcome.watch.descriptors(name)
        results.append(
            Result(
                name=name,
                what="memory (PSS) and open descriptors, in its longest life",
                count=len(memory),
                detail={
                    "mb": [round(value, 1) for _, value in _thinned(memory)],
                    "mb_an_hour": round(slope_an_hour(memory), 1),
                    "descriptors": [int(value) for _, value in _thinned(descriptors)],
                },
            )
        )
    return results


def _thinned(series: Sequence[tuple[float, float]]) -> Sequence[tuple[float, float]]:
    return series[:: max(len(series) // 20, 1)]


def _bars(outcome: Outcome) -> tuple[Bar, ...]:
    counts = {
        "confirmed writes that are lost": len(outcome.losses),
        "databases that are damaged": int(not outcome.whole),
        "processes given up": sum(
            process.state == "failed" for process in outcome.watch.samples[-1][1].processes
        ),
    }
    return tuple(Bar(name, count, "<=", 0, holds(count, "<=", 0)) for name, count in counts.items())


def _targets(outcome: Outcome, load_after: float) -> tuple[Target, ...]:
    tally, watch = outcome.tally, outcome.watch
    calls = max(tally.calls, 1)
    without = tally.failed(refusals=False) / calls
    with_refusals = tally.failed(refusals=True) / calls
    values = [
        ("error rate, without refusals by a limit", without, ERROR_RATE, "of calls"),
        ("error rate, with refusals by a limit", with_refusals, ERROR_RATE, "of calls"),
    ]
    if outcome.seconds >= GROWTH_SECONDS:
        memory, opened = watch.memory("main"), watch.descriptors("main")
        growth = opened[-1][1] - opened[len(opened) // 4][1]
        values += [
            ("growth of main's memory", slope_an_hour(memory), MEMORY_MB_AN_HOUR, "MB/h"),
            ("growth of main's descriptors", growth, DESCRIPTORS, "open"),
        ]
    return tuple(
        Target(name, value, "<=", target, unit, holds(value, "<=", target), load_after)
        for name, value, target, unit in values
    )
