"""A byte changed in the file or in its log, and a log cut short: what is found, and what is not."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import struct
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from tests.benchmarks.faults.examination import Examination
from tests.benchmarks.faults.ledger import Ledger
from tests.benchmarks.faults.process import HANG_SECONDS, ROOT, HangError, writer

_WRITES, _LOGGED_WRITES = 150, 50
"""The fewer all fit into the log, before SQLite brings it over for the first time."""
_LOG_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24


@dataclass(frozen=True, slots=True)
class Sample:
    """A database as a run left it, and what is in it. Without a log, `commits` is empty."""

    path: Path
    whole: Examination
    commits: tuple[int, ...]
    """Where in the log each commit ends; the last ones hold a session each."""

    @property
    def log(self) -> Path:
        """The file beside it that holds what was committed last."""
        return _log_of(self.path)

    def names_before(self, place: int) -> tuple[str, ...]:
        """The sessions that are still on the disk when the log ends here."""
        cut_off = sum(end > place for end in self.commits)
        return self.whole.names[: max(0, len(self.whole.names) - cut_off)]


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one damaged copy."""

    sample: Sample
    examination: Examination
    on_disk: tuple[str, ...] = ()
    """The sessions that must be found: they lie before the damage."""

    @property
    def lost_on_disk(self) -> int:
        """How many of those were not found, though the file could be opened and read."""
        if self.examination.stage in {"opening", "reading"}:
            return 0
        return len(set(self.on_disk) - set(self.examination.names))

    @property
    def result(self) -> str:
        """What was noticed, in words."""
        seen, whole = self.examination, self.sample.whole
        if seen.error:
            return f"{seen.error} when {seen.stage}"
        if seen.digest == whole.digest:
            return "no row is different" + ("" if seen.sound else ", the full check finds it")
        if len(seen.names) < len(whole.names):
            return "the last commits are gone without a word"
        return "a row is different" + ("" if seen.sound else ", the full check finds it")


class Examiner:
    """A process that opens damaged files, and another one when it did not live through it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Examiner]:
        """Start it, and end it when done."""
        examiner = cls(await _start())
        try:
            yield examiner
        finally:
            examiner._process.kill()
            await examiner._process.wait()

    async def examine(self, path: Path) -> Examination:
        """What it finds. Raises HangError."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{path}\n".encode())
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), HANG_SECONDS)
        except TimeoutError as error:
            raise HangError(f"while it examined {path}") from error
        if line:
            return msgspec.json.decode(line, type=Examination)
        code = await self._process.wait()
        self._process = await _start()
        return Examination(sound=False, stage="alive", error=f"exit {code}", coded=False)


async def closed_sample(folder: Path, examiner: Examiner) -> Sample:
    """A database that was closed in order: a file alone."""
    path = folder / "closed.db"
    async with writer(path, 1, Ledger()) as running:
        await running.until_more("kept", _WRITES)
        await running.stop()
    return await _sample(path, examiner)


async def killed_sample(folder: Path, examiner: Examiner) -> Sample:
    """A database whose last commits are in its log."""
    path = folder / "killed.db"
    async with writer(path, 1, Ledger()) as running:
        await running.until_more("kept", _LOGGED_WRITES)
        await running.kill()
    return await _sample(path, examiner)


async def flip_in_file(
    sample: Sample, examiner: Examiner, chance: random.Random, *, first: int | None = None
) -> Trial:
    """Change one byte of the file, or of the first so many."""
    with _copy(sample) as copy:
        _flip(copy.path, chance, first)
        return Trial(sample, await examiner.examine(copy.path))


async def flip_in_log(sample: Sample, examiner: Examiner, chance: random.Random) -> Trial:
    """Change one byte of the log: what comes before its frame is whole."""
    with _copy(sample) as copy:
        place = _flip(copy.log, chance)
        frame = _frame_of(place, sample)
        return Trial(sample, await examiner.examine(copy.path), sample.names_before(frame))


async def cut_log(sample: Sample, examiner: Examiner, chance: random.Random) -> Trial:
    """Cut the log short anywhere."""
    with _copy(sample) as copy:
        length = chance.randrange(copy.log.stat().st_size)
        os.truncate(copy.log, length)
        return Trial(sample, await examiner.examine(copy.path), sample.names_before(length))


def commits_in(log: Path) -> tuple[int, ...]:
    """Where each commit in a write-ahead log ends.

    Source: https://sqlite.org/fileformat2.html#the_write_ahead_log
    """
    if not log.exists():
        return ()
    data = log.read_bytes()
    page_size, salts = _page_size(data), data[16:24]
    ends = []
    for start in range(_LOG_HEADER_BYTES, len(data), _FRAME_HEADER_BYTES + page_size):
        end = start + _FRAME_HEADER_BYTES + page_size
        # What an earlier turn of the log left has other salts.
        if end > len(data) or data[start + 8 : start + 16] != salts:
            break
        if data[start + 4 : start + 8] != bytes(4):
            ends.append(end)
    return tuple(ends)


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.benchmarks.faults.examiner",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        limit=2**20,
    )


async def _sample(path: Path, examiner: Examiner) -> Sample:
    sample = Sample(path, Examination(sound=True), commits_in(_log_of(path)))
    with _copy(sample) as copy:
        return replace(sample, whole=await examiner.examine(copy.path))


@contextmanager
def _copy(sample: Sample) -> Iterator[Sample]:
    """A copy to be damaged, of the file and its log; what SQLite keeps in -shm it makes anew."""
    with TemporaryDirectory(dir=sample.path.parent) as folder:
        for file in (sample.path, sample.log):
            if file.exists():
                shutil.copy(file, folder)
        yield replace(sample, path=Path(folder, sample.path.name))


def _flip(file: Path, chance: random.Random, first: int | None = None) -> int:
    data = bytearray(file.read_bytes())
    place = chance.randrange(first or len(data))
    data[place] ^= chance.randrange(1, 256)
    file.write_bytes(data)
    return place


def _frame_of(place: int, sample: Sample) -> int:
    """Where the frame begins that this byte is in; 0 for the log's own header."""
    if place < _LOG_HEADER_BYTES:
        return 0
    size = _FRAME_HEADER_BYTES + _page_size(sample.log.read_bytes())
    return place - (place - _LOG_HEADER_BYTES) % size


def _page_size(log: bytes) -> int:
    return int(struct.unpack(">I", log[8:12])[0])


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
