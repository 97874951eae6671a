"""Lets all contenders take turns at each size, and puts the report together."""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import uvloop

from tests.benchmarks.database.benchmark import QUICK_ROWS, ROWS
from tests.benchmarks.database.benchmark import add_options as add_file_options
from tests.benchmarks.ipc.bars import bars_of, targets_of
from tests.benchmarks.ipc.groups import Group, groups
from tests.benchmarks.ipc.messages import MESSAGES, Size, encode
from tests.benchmarks.ipc.pages import Pages, run_pages
from tests.benchmarks.ipc.processes import Running, running
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Report
from tests.benchmarks.rounds import Contender, Effort, Measured, measure, result

NAMES = (
    *(
        "app",
        "app_task",
        "sockets",
        "multiprocessing",
        "multiprocessing_text",
        "zmq",
        "grpc",
        "grpc_aio",
    ),
    *("rpyc", "litestar", "fallback", "child_process", "jsonrpc"),
)
_ONE_CORE = max(os.sched_getaffinity(0))
_BATCHES: dict[Size, tuple[int, int]] = {"200 B": (1000, 640), "10 kB": (60, 192), "1 MB": (3, 64)}
"""How many exchanges make a batch: one at a time, and many at a time."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Whom to compare with."""
    parser.add_argument(
        "--only", nargs="+", choices=NAMES, default=NAMES, help="leave out the others"
    )
    add_file_options(parser)


def run(options: argparse.Namespace) -> Report:
    """Measure round trips between two processes."""
    effort = Effort.wanted(options)
    rows = options.rows or (QUICK_ROWS if options.quick else ROWS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        pages = runner.run(run_pages(options.cache, rows, effort.seconds_a_round))
        return runner.run(_run(options.only, effort, pages, quick=options.quick))


async def _run(names: Sequence[str], effort: Effort, pages: Pages, *, quick: bool) -> Report:
    load_before = load()
    measured: dict[Group, Measured] = {}
    async with running(names) as (contenders, missing):
        for group in groups(quick=quick):
            measured[group] = await measure_group(group, contenders, effort)
        what = {one.name: one.what for one in contenders}
    with tempfile.TemporaryDirectory() as folder:
        here = machine(Path(folder), load_before)
    return Report(
        benchmark="ipc",
        commit=commit(),
        date=today(),
        machine=here,
        settings={size: f"{len(encode(each.struct)):,} B" for size, each in MESSAGES.items()},
        results=pages[0]
        + tuple(
            result(Contender(name, what[name], _nothing), rounds, group.name)
            for group, found in measured.items()
            for name, rounds in found.items()
        ),
        bars=tuple(bars_of(measured)),
        targets=(*targets_of(measured), *pages[1]),
        missing=tuple(missing),
    )


async def measure_group(group: Group, contenders: Sequence[Running], effort: Effort) -> Measured:
    """Let everybody take turns under these conditions."""
    one, many = _BATCHES[group.size]
    count = effort.batch_of(one) if group.in_flight == 1 else many
    cores = {_ONE_CORE} if group.on_one_core else set(range(os.cpu_count() or 1))
    for each in contenders:
        each.run_on(cores)
    taking_part = [
        Contender(each.name, each.what, partial(each.exchange, group.size, count, group.in_flight))
        for each in contenders
    ]
    if group.takes_long:
        effort = replace(effort, seconds_a_round=0, warm_up_batches=1)
    return await measure(taking_part, effort)


async def _nothing() -> list[int]:
    return []
