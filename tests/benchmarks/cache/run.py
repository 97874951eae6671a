"""Replays the committed trace, and measures what an answer from the cache saves of each channel."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from main_process.__main__ import fastest_loop
from renderer.data_service.cache import ReplyCache
from renderer.data_service.cached_access import CachedDataAccess
from renderer.data_service.data_access import IPCDataAccess
from renderer.ipc_client import IPCClient
from shared_contracts import channels
from shared_contracts.channels import CHANNELS, Channel
from shared_contracts.child_process import Connect
from tests.benchmarks.cache.replay import Counted, Replay
from tests.benchmarks.journey import recording
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Bar, Report, Result, Target, holds
from tests.benchmarks.rounds import Contender, Effort, Measured, measure, one_by_one, results
from tests.end_to_end.app_driver import App

HIT_RATE = 0.8
"""The plan's target."""
_BATCH = 20
_PER_SECOND = 0.8 * channels.QUESTIONS_GET.per_second
ANSWER = "I would measure first, change one thing at a time, and write down what I saw. " * 8


def add_options(parser: argparse.ArgumentParser) -> None:
    """None of its own."""


def run(options: argparse.Namespace) -> Report:
    """Count on the trace, then measure against a real main process."""
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner(loop_factory=fastest_loop()) as runner,
    ):
        return runner.run(_run(Path(folder), Effort.wanted(options)))


async def _run(folder: Path, effort: Effort) -> Report:
    load_before = load()
    recorded = recording.load()
    counted = await Replay().run(recorded)
    lines, saved_ms = await _measure_saving(folder, effort, counted)
    total = _sum(counted)
    return Report(
        benchmark="cache",
        commit=commit(),
        date=today(),
        machine=machine(folder, load_before),
        settings={"trace": f"recorded {recorded.date} at {recorded.commit}"},
        results=(*map(_play_line, counted), _play_line(total), *lines),
        targets=(
            _target("hit rate of all reads", total.hit_rate, load_before),
            _target("hit rate of reads asked before", total.hit_rate_beyond_first, load_before),
            Target(
                name="time saved in the trace",
                value=round(saved_ms, 1),
                op=">=",
                target=0,
                unit="ms",
                holds=saved_ms >= 0,
                load=load_before,
            ),
        ),
        bars=(_nothing_lost(total),),
    )


def _sum(counted: Sequence[Counted]) -> Counted:
    total = Counted("all of it")
    for one in counted:
        total.hits += one.hits
        total.joined += one.joined
        total.bypassed += one.bypassed
        total.first += one.first
        total.changed += one.changed
        total.lost += one.lost
    return total


def _play_line(one: Counted) -> Result:
    return Result(
        name=f"trace: {one.name}",
        what=(
            f"{one.reads} reads: {one.hits.total()} answered from the cache, {one.joined} together"
            f" with an equal one; asked: {one.first} for the first time, {one.changed} after a"
            f" change, {one.bypassed} never kept, {one.lost} that should have been known"
        ),
        count=one.reads,
        detail={
            "hits": one.hits.total(),
            "joined": one.joined,
            "first": one.first,
            "changed": one.changed,
            "bypassed": one.bypassed,
            "lost": one.lost,
            "hit_rate": round(one.hit_rate, 4),
            "hit_rate_beyond_first": round(one.hit_rate_beyond_first, 4),
        },
    )


def _target(name: str, value: float, load_before: float) -> Target:
    return Target(
        name=name,
        value=round(value, 4),
        op=">=",
        target=HIT_RATE,
        unit="of 1",
        holds=value >= HIT_RATE,
        load=load_before,
    )


def _nothing_lost(total: Counted) -> Bar:
    """Of what was asked before and had not changed since, all is answered without asking."""
    known = total.hits.total() + total.joined
    share = known / (known + total.lost)
    return Bar(
        name="reads answered without asking, of those that could be",
        value=round(share, 4),
        op=">=",
        bar=1,
        holds=holds(share, ">=", 1),
    )


async def _measure_saving(
    folder: Path, effort: Effort, counted: Sequence[Counted]
) -> tuple[list[Result], float]:
    """A line for each way of each kept channel, and the milliseconds that the hits saved."""
    hits = _sum(counted).hits
    lines: list[Result] = []
    saved_us = 0.0
    async with _main_process(folder) as (access, session_id):
        cached = CachedDataAccess(access, cache := ReplyCache())
        cache.open()
        for channel, payload in _questions(session_id):
            contenders = _contenders(channel, payload, access, cached)
            measured = await measure(contenders, effort)
            lines += results(contenders, measured, channel.name)
            saved_us += hits[channel.name] * _gain_us(measured)
    return lines, saved_us / 1000


def _contenders(
    channel: Channel[Any, Any],
    payload: msgspec.Raw,
    access: IPCDataAccess,
    cached: CachedDataAccess,
) -> list[Contender]:
    return [
        Contender(
            "asked",
            "the main process, over the socket",
            one_by_one(lambda: access.request(channel, payload), _BATCH),
            prepare=_wait_for_the_limit,
        ),
        Contender(
            "kept",
            "the data service's cache",
            one_by_one(lambda: cached.request(channel, payload), _BATCH),
        ),
    ]


async def _wait_for_the_limit() -> None:
    """No channel may be asked more often than this in the long run."""
    await asyncio.sleep(_BATCH / _PER_SECOND)


def _gain_us(measured: Measured) -> float:
    rounds = zip(measured["asked"], measured["kept"], strict=True)
    gains = sorted(asked.p50_us - kept.p50_us for asked, kept in rounds)
    return gains[len(gains) // 2]


def _questions(session_id: str) -> list[tuple[Channel[Any, Any], msgspec.Raw]]:
    """As the page asks them."""
    asked: dict[str, dict[str, object]] = {
        channels.QUESTIONS_GET.name: {"filter": {}, "limit": 50},
        channels.CATALOGUE_GET.name: {},
        channels.SESSION_GET.name: {"session_id": session_id},
        channels.SESSION_HISTORY.name: {"limit": 50},
        channels.SETTINGS_GET.name: {},
    }
    return [
        (CHANNELS[name], msgspec.Raw(msgspec.json.encode(payload)))
        for name, payload in asked.items()
    ]


@asynccontextmanager
async def _main_process(folder: Path) -> AsyncIterator[tuple[IPCDataAccess, str]]:
    """A real one with an interview of five answers, and the way to it."""
    app = await asyncio.to_thread(App, folder / "profile", "headless")
    try:
        session_id = await asyncio.to_thread(_play_interview, app)
        run = msgspec.json.decode((folder / "profile" / "run.json").read_bytes())
        connected = asyncio.Event()
        client = IPCClient(lambda _: None, connected.set)
        client.connect(Connect(socket=run["socket"], token=run["token"]))
        await connected.wait()
        yield IPCDataAccess(client), session_id
        await client.close()
    finally:
        await asyncio.to_thread(app.stop)


def _play_interview(app: App) -> str:
    """An interview of five, answered and judged."""
    main = app.socket
    session = main.call("db:session:start", {"setup": {"question_count": 5}})
    for asked in session["questions"]:
        answer = {"session_question_id": asked["id"], "text": ANSWER, "elapsed_ms": 60_000}
        main.call("db:answers:save", answer)
    while True:
        now = main.call("db:session:get", {"session_id": session["id"]})
        if all(asked["evaluations"] for asked in now["questions"]):
            return str(session["id"])
        main.wait_for_event("sessions")
