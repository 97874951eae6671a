"""What happens around the file while it is written: no space, no permission, another's lock."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.faults.ledger import Ledger, Verdict, judge
from tests.benchmarks.faults.process import WriterProcess, writer
from tests.locker import locked

CLIENTS = 8
_WRITES = 40
"""How many are confirmed before the fault, and how many more after it."""
_ROOM_BYTES = 64 * 1024
_SMALL_DISK = "24m"
Fault = Callable[[WriterProcess, Path], AbstractAsyncContextManager[None]]
"""Lasts for as long as it is entered."""


class CannotError(Exception):
    """This fault can't be made here; the text says why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fault: the codes of those who were refused, and what is in the file."""

    kept: int
    codes: Counter[str]
    verdict: Verdict


async def endure(path: Path, fault: Fault, *, busy_seconds: float = 5.0) -> Outcome:
    """Write, meet the fault until every client was refused, and go on in the same process.

    Raises HangError when somebody gets neither an answer nor an error, DiedError when the process
    doesn't live through it.
    """
    ledger = Ledger()
    async with writer(path, CLIENTS, ledger, busy_seconds=busy_seconds) as running:
        await running.until_more("kept", _WRITES)
        async with fault(running, path):
            await running.until(lambda seen: len(seen.failed) >= CLIENTS and not seen.open)
        await running.go_on()
        await running.until_more("kept", _WRITES)
        await running.stop()
    return await _outcome(path, ledger)


async def wait_out_a_lock(path: Path, seconds: float) -> Outcome:
    """Another program writes, for less time than the app waits: nobody is refused."""
    ledger = Ledger()
    async with writer(path, CLIENTS, ledger) as running:
        await running.until_more("kept", _WRITES)
        async with locked(path):
            await asyncio.sleep(seconds)
        await running.until_more("kept", _WRITES)
        await running.stop()
    return await _outcome(path, ledger)


async def open_read_only(folder: Path) -> Outcome:
    """The file system was mounted read-only since the last run."""
    ledger = Ledger()
    with small_disk(folder) as disk:
        path = disk / "interview.db"
        async with writer(path, CLIENTS, ledger) as running:
            await running.until_more("kept", _WRITES)
            await running.kill()
        command("mount", "-o", "remount,ro", str(disk))
        async with writer(path, CLIENTS, ledger) as running:
            await running.until(lambda seen: bool(seen.refused))
        command("mount", "-o", "remount,rw", str(disk))
        outcome = await _outcome(path, ledger)
    return Outcome(outcome.kept, Counter([ledger.refused]), outcome.verdict)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own. Raises CannotError, for who is not root."""
    disk = folder / "small-disk"
    disk.mkdir()
    command("mount", "-t", "tmpfs", "-o", f"size={_SMALL_DISK}", "tmpfs", str(disk))
    try:
        yield disk
    finally:
        command("umount", str(disk))
        disk.rmdir()


@asynccontextmanager
async def no_more_space(_: WriterProcess, path: Path) -> AsyncIterator[None]:
    """The file system is full to the last byte."""
    filler = path.with_name("filler")
    _fill(filler)
    try:
        yield
    finally:
        filler.unlink()


@asynccontextmanager
async def no_larger_files(running: WriterProcess, path: Path) -> AsyncIterator[None]:
    """No file of the writer's may grow: to it the same as a full disk, and made by any user."""
    sizes = [file.stat().st_size for file in path.parent.glob(f"{path.name}*")]
    before = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (max(sizes) + _ROOM_BYTES, before[1]))
    try:
        yield
    finally:
        resource.prlimit(running.pid, resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def immutable(_: WriterProcess, path: Path) -> AsyncIterator[None]:
    """The file and its log can't be changed, even by root, and even by who has them open.

    The -shm beside them is left out: it is mapped into memory, and Linux kills who writes to a
    mapped file that was made immutable. Raises CannotError where the fault can't be had.
    """
    files = [str(path), f"{path}-wal"]
    command("chattr", "+i", *files)
    try:
        yield
    finally:
        command("chattr", "-i", *files)


@asynccontextmanager
async def locked_by_another(_: WriterProcess, path: Path) -> AsyncIterator[None]:
    """Another program writes, and doesn't end."""
    async with locked(path):
        yield


def command(*words: str) -> None:
    """Run it. Raises CannotError with what it says."""
    try:
        done = subprocess.run(words, check=False, capture_output=True, text=True)
    except OSError as error:
        raise CannotError(f"{words[0]}: {error.strerror}") from error
    if done.returncode:
        raise CannotError(done.stderr.strip())


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filling, contextlib.suppress(OSError):
        while True:
            filling.write(b"\x55" * 4_096)


async def _outcome(path: Path, ledger: Ledger) -> Outcome:
    verdict = await asyncio.to_thread(judge, path, ledger)
    return Outcome(len(ledger.kept), Counter(ledger.failed.values()), verdict)
