"""Starts the child processes, watches them, starts them again when they crash, and stops them."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import multiprocessing.connection
import signal
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.context import SpawnProcess
from typing import Any

import msgspec
import structlog

from main_process import orphans
from main_process.logs import Logs
from shared_contracts.child_process import STOP, ChildLink, Ready, Refused, Report, run_child
from shared_contracts.envelope import IPCError
from shared_contracts.errors import AppError, ProcessFailedError, from_ipc
from shared_contracts.health import ProcessHealth, ProcessState

SPAWN = multiprocessing.get_context("spawn")
TERMINATE_SECONDS = 2.0
"""After this a child that was asked to stop is sent SIGTERM ..."""
KILL_SECONDS = 2.7
"""... and after this SIGKILL, so that all are gone within 3 s."""


@dataclass(frozen=True, slots=True)
class RestartRule:
    """The last of `crashes` within `window_seconds` is final. Source: VS Code's extension host."""

    crashes: int = 3
    window_seconds: float = 300.0
    backoff_seconds: tuple[float, ...] = (0.1, 1.0)
    ready_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Program:
    """One child: the module whose `run` it is, and what main does as it comes and goes.

    `options` are made anew for each start. When an essential one ends by itself the app ends;
    without the others it goes on.
    """

    name: str
    module: str
    options: Callable[[], dict[str, Any]]
    essential: bool = False
    on_ready: Callable[[int], None] = lambda _port: None
    on_gone: Callable[[], None] = lambda: None


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
            "process changed", process=child.program.name, state=child.state, process_id=child.pid
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
            error=error,
        )

    async def stop(self) -> None:
        if self._watching:
            self._watching.cancel()
            await asyncio.wait([self._watching])
        if self._run:
            await self._run.stop()
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
                self.error = ProcessFailedError(details={"process": self.program.name})
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
            structlog.get_logger(__name__).error("not ready in time", process=self.program.name)
            await run.kill()
        else:
            if isinstance(report, Ready):
                self._enter("ready")
                self.program.on_ready(report.port)
            elif isinstance(report, Refused):
                self.error = from_ipc(report.error)
        return await run.exit_code()

    def _crashed_too_often(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._crashes.append(now)
        full = len(self._crashes) == self._rule.crashes
        return full and now - self._crashes[0] < self._rule.window_seconds

    def _backoff(self) -> float:
        steps = self._rule.backoff_seconds
        return steps[min(len(self._crashes), len(steps)) - 1]

    def _enter(self, state: ProcessState) -> None:
        self.state = state
        self._changed(self)


class _Run:
    """One process, from its start to its end."""

    def __init__(self, program: Program, logs: Logs) -> None:
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

    async def report(self) -> Report | None:
        """What the child says of its start; None when it ends without a word."""
        await _readable(self._connection.fileno())
        try:
            said = self._connection.recv_bytes()
        except (EOFError, OSError):
            return None
        report: Report = msgspec.json.decode(said, type=Report)
        return report

    async def exit_code(self) -> int:
        """The exit code, once there is one; negative for a signal."""
        await _readable(self.process.sentinel)
        self.process.join()
        return self.process.exitcode or 0

    def send(self, message: bytes) -> None:
        with contextlib.suppress(OSError):  # It is gone, which the watch notices.
            self._connection.send_bytes(message)

    async def kill(self) -> None:
        self.process.kill()
        await self.exit_code()

    async def stop(self) -> None:
        """Ask, then insist, then kill."""
        self.send(STOP)
        steps = (
            (TERMINATE_SECONDS, self.process.terminate),
            (KILL_SECONDS - TERMINATE_SECONDS, self.process.kill),
        )
        for seconds, insist in steps:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.exit_code()
                    break
            insist()
        await self.exit_code()
        self.close()

    def close(self) -> None:
        self._connection.close()
        self.process.close()
        orphans.end_helpers()


async def _readable(descriptor: int) -> None:
    """Wait until there is something to read: a message, or the end."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(descriptor, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(descriptor)
