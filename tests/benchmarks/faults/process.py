"""A writer in a process of its own, watched, killed or stopped from outside."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.benchmarks.faults.ledger import Ledger

ROOT = Path(__file__).parents[3]
HANG_SECONDS = 60.0
"""What takes longer without a word is a hang; the longest wait the app allows itself is 5 s."""


class HangError(Exception):
    """A process neither did what it was asked to nor said why."""


class DiedError(Exception):
    """A process ended, and nobody had told it to."""


class WriterProcess:
    """A running writer; what it says goes into the ledger as it comes."""

    def __init__(self, process: asyncio.subprocess.Process, ledger: Ledger) -> None:
        self._process = process
        self.ledger = ledger
        self._said = asyncio.Condition()
        self._silent = False
        self._reading = asyncio.create_task(self._read())

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    async def until(self, holds: Callable[[Ledger], bool]) -> None:
        """Wait until the ledger is so. Raises HangError or DiedError."""
        async with self._said:
            try:
                await asyncio.wait_for(
                    self._said.wait_for(lambda: holds(self.ledger) or self._silent),
                    HANG_SECONDS,
                )
            except TimeoutError as error:
                raise HangError(f"after {dict(self.ledger.words)}") from error
        if not holds(self.ledger):
            raise DiedError(f"after {dict(self.ledger.words)}")

    async def until_more(self, word: str, number: int = 1) -> None:
        """Wait until it has said the word so many times more. Raises as `until` does."""
        target = self.ledger.words[word] + number
        await self.until(lambda ledger: ledger.words[word] >= target)

    async def ready(self) -> None:
        """Wait until it has the file open, or has been refused. Raises as `until` does."""
        await self.until(lambda ledger: bool(ledger.words["ready"] or ledger.refused))

    async def go_on(self) -> None:
        """Let clients that were refused try again."""
        assert self._process.stdin
        self._process.stdin.write(b"go on\n")
        await self._process.stdin.drain()

    async def kill(self) -> None:
        """SIGKILL; returns when all that it had said is in the ledger.

        One that was closing may have been quicker. Raises DiedError when it ended in another way.
        """
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGKILL)
        await self._ended()
        if self._process.returncode not in {-signal.SIGKILL, 0}:
            raise DiedError(f"with {self._process.returncode}")

    async def stop(self) -> None:
        """Let it finish. Raises HangError."""
        self.end_input()
        await self._ended()

    def end_input(self) -> None:
        """Tell it to finish."""
        assert self._process.stdin
        self._process.stdin.close()

    async def _ended(self) -> None:
        try:
            await asyncio.wait_for(self._process.wait(), HANG_SECONDS)
        except TimeoutError as error:
            raise HangError("it does not end") from error
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout
        rest = b""
        while data := await self._process.stdout.read(65_536):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self.ledger.note(line.decode())
            async with self._said:
                self._said.notify_all()
        async with self._said:
            self._silent = True
            self._said.notify_all()


@asynccontextmanager
async def writer(
    path: Path, clients: int, ledger: Ledger, *, busy_seconds: float = 5.0
) -> AsyncIterator[WriterProcess]:
    """Start one on this file, which it begins to open; it is gone when this leaves."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.faults.writer",
        str(path),
        str(clients),
        f"--busy-seconds={busy_seconds}",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    running = WriterProcess(process, ledger)
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await running._reading  # noqa: SLF001  its own other half
