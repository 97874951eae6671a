"""Children are started, started again when they crash, given up on at last, and stopped in time."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import structlog

from main_process.logs import Logs, open_logs
from main_process.settings import Settings
from main_process.supervisor import Program, RestartRule, Supervisor
from shared_contracts.child_process import ChildLink, attach
from shared_contracts.contract import Contract
from shared_contracts.errors import PageMissingError, ProcessFailedError
from shared_contracts.health import ProcessState
from shared_contracts.metrics import CacheMetrics, RendererMetrics
from shared_contracts.problem import Choice

RULE = RestartRule(backoff_seconds=(0.0,), ready_seconds=20)
IMPATIENT = RestartRule(backoff_seconds=(0.0,), ready_seconds=20, ping_seconds=0.1)
NUMBERS = RendererMetrics(cache=CacheMetrics(hits=3))


class Options(Contract):
    """What `run`, below, is told to do."""

    act: str


def run(link: ChildLink, options: Options) -> None:
    """The child of these tests; it runs in a process of its own."""
    child = attach(
        link,
        lambda: child.leave(0) if options.act != "ignore" else None,
        on_ping=lambda: child.pong(NUMBERS) if options.act != "hang" else None,
    )
    match options.act:
        case "refuse":
            child.refuse(PageMissingError())
        case "crash":
            os._exit(3)
        case "leave":
            child.ready(1)
            child.leave(0)
        case "ignore":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            child.ready(1)
        case "serve" | "hang":
            child.ready(4711)
        case "ask":
            child.ready(1)
            child.choose("restore")
    while True:
        signal.pause()


class Watched:
    """A supervisor, and what it told."""

    def __init__(self, logs: Logs, rule: RestartRule) -> None:
        self.supervisor = Supervisor(logs, self._changed, rule)
        self._states: list[ProcessState] = []
        self._changes = asyncio.Event()
        self.ports: list[int] = []
        self.chosen: asyncio.Queue[Choice] = asyncio.Queue()

    def _changed(self) -> None:
        self._states += [health.state for health in self.supervisor.health()]
        self._changes.set()

    def start(self, act: str, *, essential: bool = False) -> None:
        options: Callable[[], dict[str, Any]] = lambda: {"act": act}  # noqa: E731
        program = Program(
            "tested",
            "The child",
            __name__,
            options,
            essential,
            self.ports.append,
            on_choice=self.chosen.put_nowait,
        )
        self.supervisor.start(program)

    async def until(self, state: ProcessState) -> None:
        """Wait until the child has come into this state since the last time it was waited for."""
        async with asyncio.timeout(30):
            while state not in self._states:
                self._changes.clear()
                await self._changes.wait()
        del self._states[: self._states.index(state) + 1]

    @property
    def pid(self) -> int:
        (health,) = self.supervisor.health()
        assert health.pid
        return health.pid


OpenSupervisor = Callable[..., AbstractAsyncContextManager[Watched]]


@pytest.fixture(autouse=True)
def _spawned_children() -> Iterator[None]:
    """As the command sets it once, for all children and their log queues."""
    before = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method("spawn", force=True)
    yield
    multiprocessing.set_start_method(before, force=True)


@pytest.fixture
async def open_supervisor(tmp_path: Path) -> AsyncIterator[OpenSupervisor]:
    @asynccontextmanager
    async def open_one(rule: RestartRule = RULE) -> AsyncIterator[Watched]:
        with open_logs(tmp_path, Settings()) as logs:
            watched = Watched(logs, rule)
            try:
                yield watched
            finally:
                await watched.supervisor.stop()

    yield open_one
    structlog.reset_defaults()


async def test_a_child_becomes_ready_and_is_stopped(open_supervisor: OpenSupervisor) -> None:
    async with open_supervisor() as watched:
        watched.start("serve")
        await watched.until("ready")
        assert watched.ports == [4711]
        pid = watched.pid
    assert not psutil.pid_exists(pid)
    assert watched.supervisor.health()[0].state == "stopped"


async def test_a_killed_child_is_started_again(open_supervisor: OpenSupervisor) -> None:
    async with open_supervisor() as watched:
        watched.start("serve")
        await watched.until("ready")
        first = watched.pid
        os.kill(first, signal.SIGKILL)
        await watched.until("restarting")
        await watched.until("ready")
        assert watched.pid != first
        assert watched.supervisor.health()[0].restarts == 1


async def test_the_third_crash_is_final_and_said(
    open_supervisor: OpenSupervisor, tmp_path: Path
) -> None:
    async with open_supervisor() as watched:
        watched.start("crash")
        await watched.until("failed")
        (health,) = watched.supervisor.health()
        assert (health.restarts, health.pid) == (2, None)
        assert health.error is not None
        assert health.error.code == "APP004"
        assert health.error.message.startswith("The child failed 3 times within 5 minutes")
        assert str(tmp_path / "services.log") in health.error.message
        assert "safe mode" in health.error.remedy
        assert not watched.supervisor.ended.done()


async def test_crashes_long_ago_are_forgiven(open_supervisor: OpenSupervisor) -> None:
    rule = RestartRule(crashes=2, window_seconds=0.0, backoff_seconds=(0.0,))
    async with open_supervisor(rule) as watched:
        watched.start("crash")
        for _ in range(4):
            await watched.until("restarting")


async def test_a_child_that_is_never_ready_counts_as_crashed(
    open_supervisor: OpenSupervisor,
) -> None:
    rule = RestartRule(crashes=1, ready_seconds=0.2)
    async with open_supervisor(rule) as watched:
        watched.start("never ready")
        await watched.until("failed")


async def test_the_app_ends_with_an_essential_child(open_supervisor: OpenSupervisor) -> None:
    async with open_supervisor() as watched:
        watched.start("leave", essential=True)
        async with asyncio.timeout(30):
            await watched.supervisor.ended
        assert watched.supervisor.health()[0].state == "stopped"


async def test_the_app_fails_with_an_essential_child(open_supervisor: OpenSupervisor) -> None:
    async with open_supervisor() as watched:
        watched.start("crash", essential=True)
        async with asyncio.timeout(30):
            with pytest.raises(ProcessFailedError):
                await watched.supervisor.ended


async def test_a_child_that_refuses_is_not_tried_again(open_supervisor: OpenSupervisor) -> None:
    async with open_supervisor() as watched:
        watched.start("refuse", essential=True)
        async with asyncio.timeout(30):
            with pytest.raises(PageMissingError):
                await watched.supervisor.ended
        assert watched.supervisor.health()[0].restarts == 0


async def test_a_child_that_will_not_stop_is_killed_in_time(
    open_supervisor: OpenSupervisor,
) -> None:
    async with open_supervisor() as watched:
        watched.start("ignore")
        await watched.until("ready")
        pid = watched.pid
        started = time.monotonic()
        await watched.supervisor.stop()
        assert 2.0 < time.monotonic() - started < 3.0
        assert not psutil.pid_exists(pid)


async def test_a_child_that_does_its_work_is_left_alone(open_supervisor: OpenSupervisor) -> None:
    async with open_supervisor(IMPATIENT) as watched:
        watched.start("serve")
        await watched.until("ready")
        first = watched.pid
        for _ in range(10):
            await watched.supervisor.check()
        (health,) = watched.supervisor.health()
        assert (health.pid, health.restarts, health.state) == (first, 0, "ready")
        assert health.answer_ms is not None
        assert watched.supervisor.renderer_metrics() == NUMBERS


async def test_a_child_that_answers_no_more_is_killed_and_started_again(
    open_supervisor: OpenSupervisor,
) -> None:
    async with open_supervisor(IMPATIENT) as watched:
        watched.start("hang")
        await watched.until("ready")
        first = watched.pid
        await watched.until("restarting")
        assert not psutil.pid_exists(first)
        await watched.until("ready")
        assert watched.pid != first


async def test_a_child_that_is_stopped_by_a_signal_is_noticed(
    open_supervisor: OpenSupervisor,
) -> None:
    async with open_supervisor(IMPATIENT) as watched:
        watched.start("serve")
        await watched.until("ready")
        os.kill(watched.pid, signal.SIGSTOP)
        await watched.until("restarting")
        await watched.until("ready")
        assert watched.supervisor.health()[0].restarts == 1


async def test_asking_a_child_that_hangs_takes_a_moment_and_sends_it_no_pile(
    open_supervisor: OpenSupervisor,
) -> None:
    async with open_supervisor() as watched:
        watched.start("serve")
        await watched.until("ready")
        await watched.supervisor.check()
        os.kill(watched.pid, signal.SIGSTOP)
        await asyncio.gather(*(watched.supervisor.check() for _ in range(2_000)))
        assert watched.supervisor.renderer_metrics() == NUMBERS


async def test_a_child_tells_what_the_person_chose_in_it(open_supervisor: OpenSupervisor) -> None:
    async with open_supervisor() as watched:
        watched.start("ask")
        assert await asyncio.wait_for(watched.chosen.get(), 30) == "restore"


async def test_how_long_a_child_took_to_stop_is_logged(
    open_supervisor: OpenSupervisor, tmp_path: Path
) -> None:
    async with open_supervisor() as watched:
        watched.start("serve")
        await watched.until("ready")
    lines = [json.loads(line) for line in (tmp_path / "services.log").read_text().splitlines()]
    (stopped,) = [line for line in lines if line["event"] == "child stopped"]
    assert stopped["part"] == "tested"
    assert stopped["insisted"] == 0
    assert stopped["ms"] >= 0
