"""The contenders' processes: started together, put on cores, and told what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from tests.benchmarks.ipc.messages import Size
from tests.benchmarks.ipc.peers import Order, load
from tests.benchmarks.machine import ROOT
from tests.benchmarks.report import Missing

NODE = Path(__file__).parent / "node"
_LINE_BYTES = 16 * 1024 * 1024
_READY_SECONDS = 60.0
_NODE_PEERS = {
    "child_process": "Node's child_process with its own IPC, JSON; a bare echo of objects",
    "jsonrpc": "vscode-jsonrpc in Node over a Unix socket; a bare echo of objects",
}


@dataclass(slots=True)
class Running:
    """A contender whose processes run."""

    name: str
    what: str
    process: asyncio.subprocess.Process
    ids: Sequence[int] = ()

    async def exchange(self, size: Size, count: int, in_flight: int) -> list[int]:
        """How long each of so many exchanges took, in nanoseconds."""
        order = Order(size=size, count=count, in_flight=in_flight)
        assert self.process.stdin
        self.process.stdin.write(msgspec.json.encode(order) + b"\n")
        return await self._line()

    def run_on(self, cores: set[int]) -> None:
        """Let both processes, and every thread of theirs, use these cores alone."""
        for process in self.ids:
            for thread in Path(f"/proc/{process}/task").iterdir():
                os.sched_setaffinity(int(thread.name), cores)

    async def be_ready(self) -> None:
        """Wait for its first word. Raises what `_line` does, and TimeoutError."""
        self.ids = await asyncio.wait_for(self._line(), _READY_SECONDS)

    async def _line(self) -> list[int]:
        assert self.process.stdout
        line = await self.process.stdout.readline()
        if not line:
            msg = f"{self.name} ended with {await self.process.wait()}"
            raise RuntimeError(msg)
        return msgspec.json.decode(line, type=list[int])


@asynccontextmanager
async def running(names: Sequence[str]) -> AsyncIterator[tuple[list[Running], list[Missing]]]:
    """Start them all; who can't take part is said, with the reason."""
    started: list[Running] = []
    missing: list[Missing] = []
    async with AsyncExitStack() as stack:
        for name in names:
            try:
                what, command = _python(name) if name not in _NODE_PEERS else _node(name)
                one = Running(name, what, await _start(command))
                stack.push_async_callback(_end, one.process)
                await one.be_ready()
            except (ImportError, OSError, RuntimeError, TimeoutError) as error:
                missing.append(Missing(name, str(error) or type(error).__name__))
            else:
                started.append(one)
        yield started, missing


async def _start(command: Sequence[str]) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, limit=_LINE_BYTES, cwd=ROOT
    )


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None and process.stdin:
        process.stdin.close()
    await process.wait()


def _python(name: str) -> tuple[str, list[str]]:
    return load(name).WHAT, [sys.executable, "-m", "tests.benchmarks.ipc.contender", name]


def _node(name: str) -> tuple[str, list[str]]:
    """Raises OSError without a Node, RuntimeError when its package can't be installed."""
    folder = Path(sys.executable).parent
    node = shutil.which("node", path=folder) or shutil.which("node")
    if node is None:
        raise FileNotFoundError("there is no Node")
    if not (NODE / "node_modules").exists():
        environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
        command = [str(folder / "npm"), "ci", "--loglevel=error"]
        ended = subprocess.run(
            command, cwd=NODE, env=environment, capture_output=True, text=True, check=False
        )
        if ended.returncode:
            raise RuntimeError(ended.stderr.strip())
    return _NODE_PEERS[name], [node, str(NODE / "contender.mjs"), name]
