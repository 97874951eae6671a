"""Starts the child processes, watches them, starts them again when they crash, and stops them."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import multiprocessing.connection
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from typing import Any

import msgspec
import structlog

from main_process import orphans
from main_process.logs import Logs
from shared_contracts.child_process import (
    PING,
    STOP,
    ChildLink,
    Chosen,
    Pong,
    Ready,
    Refused,
    Report,
    run_child,
)
from shared_contracts.envelope import IPCError
from shared_contracts.errors import AppError, ProcessFailedError, from_ipc
from shared_contracts.health import ProcessHealth, ProcessState
from shared_contracts.metrics import RendererMetrics
from shared_contracts.problem import Choice

SPAWN = multiprocessing.get_context("spawn")
TERMINATE_SECONDS = 1.5
"""After this a child that was asked to stop is sent SIGTERM ..."""
KILL_SECONDS = 2.0
"""... and after this SIGKILL, so that all are gone within 3 s."""
CHECK_SECONDS = 0.5
"""How long a child that is asked in between may take to answer."""


@dataclass(frozen=True, slots=True)
class RestartRule:
    """The last of `crashes` within `window_seconds` is final. Source: VS Code's extension host.

    A child counts as crashed as well when it isn't ready after `ready_seconds`, and when it leaves
    `pings` in a row, one each `ping_seconds`, without an answer.
    """

    crashes: int = 3
    window_seconds: float = 300.0
    backoff_seconds: tuple[float, ...] = (0.1, 1.0)
    ready_seconds: float = 60.0
    ping_seconds: float = 5.0
    pings: int = 3


@dataclass(frozen=True, slots=True)
class Program:
    """One child: the module whose `run` it is, and what main does as it comes and goes.

    `title` names it in a sentence for people. `options` are made anew for each start. When an
    essential one ends by itself the app ends; without the others it goes on.
    """

    name: str
    title: str
    module: str
    options: Callable[[], dict[str, Any]]
    essential: bool = False
    on_ready: Callable[[int], None] = lambda _port: None
    on_gone: Callable[[], None] = lambda: None
    on_choice: Callable[[Choice], None] = lambda _choice: None
    """The person chose something on the page that shows a problem."""


class Supervisor:
    """All child processes of the app."""

    def __init__(
        self, logs: Logs, on_change: Callable[[], None], rule: RestartRule | None = None
    ) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when an essential child ended by itself: with its error if it didn't want to."""
        self._logs = logs
        self._on_change = on_change
        self._rule = rule or RestartRule()
        self._children: list[_Supervised] = []

    def start(self, program: Program) -> None:
        """Start a child and keep it running."""
        child = _Supervised(program, self._logs, self._rule, self._changed)
        self._children.append(child)
        child.watch()

    def health(self) -> tuple[ProcessHealth, ...]:
        """How each child is."""
        return tuple(child.health() for child in self._children)

    async def check(self) -> None:
        """Have every child that is ready say that it lives; wait for it a moment at most."""
        ready = [child.check() for child in self._children if child.state == "ready"]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CHECK_SECONDS):
                await asyncio.gather(*ready)

    def renderer_metrics(self) -> RendererMetrics:
        """What the renderer last said that it counted."""
        told = (child.numbers for child in self._children)
        return next(filter(None, told), RendererMetrics())

    def send(self, name: str, message: bytes) -> None:
        """Tell the child of this name something, if it runs."""
        for child in self._children:
            if child.program.name == name:
                child.send(message)

    async def stop(self) -> None:
        """Stop all children, at the same time."""
        await asyncio.gather(*(child.stop() for child in self._children))

    def _changed(self, child: _Supervised) -> None:
        structlog.get_logger(__name__).info(
            "process changed", part=child.program.name, state=child.state, part_process=child.pid
        )
        if child.program.essential and not self.ended.done():
            if child.state == "stopped":
                self.ended.set_result(None)
            elif child.error:
                self.ended.set_exception(child.error)
        self._on_change()


class _Supervised:
    """One child over all its starts."""

    def __init__(
        self,
        program: Program,
        logs: Logs,
        rule: RestartRule,
        changed: Callable[[_Supervised], None],
    ) -> None:
        self.program = program
        self.state: ProcessState = "starting"
        self.error: AppError | None = None
        self._logs = logs
        self._rule = rule
        self._changed = changed
        self._run: _Run | None = None
        self._crashes: deque[float] = deque(maxlen=rule.crashes)
        self._restarts = 0
        self._watching: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._run.process.pid if self._run else None

    @property
    def numbers(self) -> RendererMetrics | None:
        return self._run.numbers if self._run else None

    async def check(self) -> None:
        if self._run:
            await self._run.check()

    def watch(self) -> None:
        """Start the first process at once, and keep at it."""
        self._run = _Run(self.program, self._logs)
        self._watching = asyncio.create_task(self._watch(self._run), name=self.program.name)

    def send(self, message: bytes) -> None:
        if self._run:
            self._run.send(message)

    def health(self) -> ProcessHealth:
        error: IPCError | None = self.error.to_ipc() if self.error else None
        return ProcessHealth(
            name=self.program.name,
            state=self.state,
            pid=self.pid,
            restarts=self._restarts,
            answer_ms=self._run.answer_ms if self._run else None,
            error=error,
        )

    async def stop(self) -> None:
        if self._watching:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        if self._run:
            started = asyncio.get_running_loop().time()
            insisted = await self._run.stop()
            seconds = asyncio.get_running_loop().time() - started
            structlog.get_logger(__name__).info(
                "child stopped",
                part=self.program.name,
                ms=round(seconds * 1000),
                insisted=insisted,
            )
            self._run = None
            self.program.on_gone()
            self._enter("stopped")

    async def _watch(self, run: _Run) -> None:
        while True:
            code = await self._live(run)
            run.close()
            self._run = None
            self.program.on_gone()
            if code == 0 and self.program.essential:
                self._enter("stopped")
                return
            if not self.error and self._crashed_too_often():
                self.error = self._given_up()
            if self.error:
                self._enter("failed")
                return
            self._enter("restarting")
            await asyncio.sleep(self._backoff())
            self._restarts += 1
            self._run = run = _Run(self.program, self._logs)

    async def _live(self, run: _Run) -> int:
        """See one process through from its start to its end, whose exit code is returned."""
        try:
            async with asyncio.timeout(self._rule.ready_seconds):
                report = await run.report()
        except TimeoutError:
            self._kill(run, "not ready in time")
        else:
            if isinstance(report, Ready):
                self._enter("ready")
                self.program.on_ready(report.port)
                await self._ping(run)
            elif isinstance(report, Refused):
                self.error = from_ipc(report.error)
        return await run.exit_code()

    async def _ping(self, run: _Run) -> None:
        """Ask it again and again whether it does its work; kill it when it doesn't say so."""
        while run.unanswered < self._rule.pings:
            run.unanswered += 1
            run.ping()
            if await run.ends_within(self._rule.ping_seconds):
                return
        self._kill(run, "it hangs")

    def _kill(self, run: _Run, why: str) -> None:
        structlog.get_logger(__name__).error(
            "child killed", part=self.program.name, part_process=run.process.pid, why=why
        )
        run.process.kill()

    def _crashed_too_often(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._crashes.append(now)
        full = len(self._crashes) == self._rule.crashes
        return full and now - self._crashes[0] < self._rule.window_seconds

    def _given_up(self) -> ProcessFailedError:
        times, minutes = self._rule.crashes, self._rule.window_seconds / 60
        message = (
            f"{self.program.title} failed {times} times within {minutes:g} minutes and is not"
            " started again."
        )
        if self._logs.folder:
            message += f" What happened is in {self._logs.folder / 'services.log'}."
        return ProcessFailedError(message, details={"process": self.program.name})

    def _backoff(self) -> float:
        steps = self._rule.backoff_seconds
        return steps[min(len(self._crashes), len(steps)) - 1]

    def _enter(self, state: ProcessState) -> None:
        self.state = state
        self._changed(self)


class _Run:
    """One process, from its start to its end."""

    def __init__(self, program: Program, logs: Logs) -> None:
        self._program = program
        self._connection, theirs = SPAWN.Pipe()
        link = ChildLink(program.name, theirs, logs.queue_for_child(program.name), logs.levels)
        # Starting it here, in the main thread: Linux ends a child with the thread that started it.
        self.process: SpawnProcess = SPAWN.Process(
            target=run_child, args=(program.module, link, program.options()), name=program.name
        )
        # A child is born deaf to Ctrl-C, which is main's to answer, also before it can say so.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        self.process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        theirs.close()
        self._loop = asyncio.get_running_loop()
        self._first_report: asyncio.Future[Report | None] = self._loop.create_future()
        self._exit_code: asyncio.Future[int] = self._loop.create_future()
        self._pinged = 0.0
        self._answered = asyncio.Event()
        self.unanswered = 0
        self.answer_ms: float | None = None
        self.numbers: RendererMetrics | None = None
        self._loop.add_reader(self._connection.fileno(), self._hear)
        self._loop.add_reader(self.process.sentinel, self._end)

    async def report(self) -> Report | None:
        """What the child says of its start; None when it ends without a word."""
        return await asyncio.shield(self._first_report)

    async def exit_code(self) -> int:
        """The exit code, once there is one; negative for a signal."""
        return await asyncio.shield(self._exit_code)

    async def ends_within(self, seconds: float) -> bool:
        """Whether it ends before so long."""
        done, _ = await asyncio.wait([self._exit_code], timeout=seconds)
        return bool(done)

    def send(self, message: bytes) -> None:
        with contextlib.suppress(OSError):  # It is gone, which the watch notices.
            self._connection.send_bytes(message)

    def ping(self) -> None:
        """Ask whether it still does its work."""
        self._answered.clear()
        self._pinged = time.perf_counter()  # The loop's own clock is coarse.
        self.send(PING)

    async def check(self) -> None:
        """Have it answer now."""
        if self._answered.is_set():  # else one is under way: a child that hangs gets no pile.
            self.ping()
        await self._answered.wait()

    async def stop(self) -> int:
        """Ask, then insist, then kill. Returns how often it had to insist."""
        self.send(STOP)
        insisted = 0
        steps = (
            (TERMINATE_SECONDS, self.process.terminate),
            (KILL_SECONDS - TERMINATE_SECONDS, self.process.kill),
        )
        for seconds, insist in steps:
            if await self.ends_within(seconds):
                break
            insist()
            insisted += 1
        await self.exit_code()
        self.close()
        return insisted

    def close(self) -> None:
        self._loop.remove_reader(self._connection.fileno())
        self._connection.close()
        self.process.close()
        orphans.end_helpers()

    def _hear(self) -> bool:
        """Take what the child says; False when it says no more."""
        try:
            said: Report = msgspec.json.decode(self._connection.recv_bytes(), type=Report)
        except (EOFError, OSError):
            self._loop.remove_reader(self._connection.fileno())
            self._start_is_over(None)
            return False
        if isinstance(said, Pong):
            self.unanswered = 0
            self.answer_ms = round((time.perf_counter() - self._pinged) * 1000, 2)
            self.numbers = said.numbers
            self._answered.set()
        elif isinstance(said, Chosen):
            self._program.on_choice(said.choice)
        else:
            self._start_is_over(said)
        return True

    def _start_is_over(self, report: Report | None) -> None:
        if not self._first_report.done():
            self._first_report.set_result(report)

    def _end(self) -> None:
        self._loop.remove_reader(self.process.sentinel)
        while self._connection.poll() and self._hear():
            pass  # Its last words may come to light together with its end.
        self._start_is_over(None)
        self.process.join()
        self._exit_code.set_result(self.process.exitcode or 0)
