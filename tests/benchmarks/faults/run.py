"""Makes every fault, compares what was said with what is found, and puts the report together."""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.benchmarks.faults import damage, disk
from tests.benchmarks.faults.kill import CLIENTS, KillRound, kill_rounds
from tests.benchmarks.faults.ledger import Verdict
from tests.benchmarks.faults.process import DiedError, HangError
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Bar, Missing, Report, Result, holds

ROUNDS, QUICK_ROUNDS = 100, 5
_FLIPS_A_ROUND = 3
_LOCK_SECONDS, _PATIENCE_SECONDS = 1.5, 0.5
_KILLED = (
    f"a process in which {CLIENTS} clients write is killed with SIGKILL at a random moment, again"
    " and again on one file"
)
_DISK = (
    "the number is of the clients that were refused, each with this code; then the fault is"
    " lifted, and the same process goes on"
)
_DAMAGE = "each time another copy, opened, read and written by the database manager"


@dataclass(slots=True)
class Findings:
    """All that came of the faults so far."""

    results: list[Result] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    hangs: int = 0
    deaths: int = 0
    without_code: int = 0
    lost_on_disk: int = 0

    def count(self, name: str, what: str, number: int) -> None:
        """Note a result that is a number of times."""
        self.results.append(Result(name, what, count=number))

    def endured(self, name: str, outcome: disk.Outcome) -> None:
        """Note what came of a fault around the file."""
        self.verdicts.append(outcome.verdict)
        for code, number in (outcome.codes or Counter({"nobody refused": 0})).items():
            self.count(f"{name}: {code}", _DISK, number)

    def tried(self, name: str, trials: Sequence[damage.Trial]) -> None:
        """Note what came of damage to the file."""
        self.without_code += sum(not trial.examination.coded for trial in trials)
        self.lost_on_disk += sum(trial.lost_on_disk for trial in trials)
        for result, number in sorted(Counter(trial.result for trial in trials).items()):
            self.count(f"{name}: {result}", _DAMAGE, number)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """A process that hangs or dies is a finding, and the other faults are made all the same."""
        try:
            yield
        except HangError:
            self.hangs += 1
        except DiedError:
            self.deaths += 1


def add_options(parser: argparse.ArgumentParser) -> None:
    """How often is killed and damaged, and which random moments and places it is."""
    parser.add_argument(
        "--rounds", type=int, metavar="N", help=f"kills ({ROUNDS}; with --quick {QUICK_ROUNDS})"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the chance (0)")


def run(options: argparse.Namespace) -> Report:
    """Make all faults. Those that need root are named as missing for anybody else."""
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    return asyncio.run(_run(rounds, options.seed))


async def _run(rounds: int, seed: int) -> Report:
    load_before = load()
    found = Findings()
    chance = random.Random(seed)  # noqa: S311  the same each time
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await _kill(found, folder, rounds, chance)
        await _disk_faults(found, folder)
        await _damage(found, folder, rounds * _FLIPS_A_ROUND, chance)
        return Report(
            benchmark="faults",
            commit=commit(),
            date=today(),
            machine=machine(folder, load_before),
            settings={"rounds": rounds, "seed": seed},
            results=tuple(found.results),
            bars=tuple(_bars(found)),
            missing=tuple(found.missing),
        )


async def _kill(found: Findings, folder: Path, rounds: int, chance: random.Random) -> None:
    done: list[KillRound] = []
    with found.noting():
        done = await kill_rounds(folder, rounds, chance)
    for moment, times in Counter(one.moment for one in done).items():
        found.count(f"killed {moment}", _KILLED, times)
    found.verdicts += [one.verdict for one in done]
    found.count("writes confirmed before a kill", _KILLED, sum(one.kept for one in done))
    for name, number in _unanswered(done).items():
        found.count(f"unanswered writes wholly {name}", _KILLED, number)


def _unanswered(done: Sequence[KillRound]) -> dict[str, int]:
    """A round's verdict counts those of the rounds before it in the same file too."""
    last = [a for a, b in zip(done, [*done[1:], None], strict=True) if b is None or b.is_first]
    return {
        "in": sum(one.verdict.open_in for one in last),
        "out": sum(one.verdict.open_out for one in last),
    }


async def _disk_faults(found: Findings, folder: Path) -> None:
    faults: dict[str, Callable[[], Awaitable[disk.Outcome]]] = {
        "full file system": partial(_on_small_disk, folder),
        "no file may grow": partial(disk.endure, folder / "size.db", disk.no_larger_files),
        "files made immutable": partial(disk.endure, folder / "immutable.db", disk.immutable),
        "read-only file system at open": partial(disk.open_read_only, folder),
        "lock held for good": partial(
            disk.endure,
            folder / "lock.db",
            disk.locked_by_another,
            busy_seconds=_PATIENCE_SECONDS,
        ),
        "lock held for a while": partial(
            disk.wait_out_a_lock, folder / "patience.db", _LOCK_SECONDS
        ),
    }
    for name, make in faults.items():
        try:
            with found.noting():
                found.endured(name, await make())
        except disk.CannotError as error:
            found.missing.append(Missing(name, str(error)))


async def _on_small_disk(folder: Path) -> disk.Outcome:
    with disk.small_disk(folder) as small:
        return await disk.endure(small / "interview.db", disk.no_more_space)


async def _damage(found: Findings, folder: Path, times: int, chance: random.Random) -> None:
    async with damage.Examiner.open() as examiner:
        closed = await damage.closed_sample(folder, examiner)
        killed = await damage.killed_sample(folder, examiner)
        kinds = {
            "byte changed in a closed file": partial(damage.flip_in_file, closed),
            "byte changed in a killed app's file": partial(damage.flip_in_file, killed),
            "byte changed in its log": partial(damage.flip_in_log, killed),
            "log cut short": partial(damage.cut_log, killed),
        }
        for name, make in kinds.items():
            with found.noting():
                found.tried(name, [await make(examiner, chance) for _ in range(times)])


def _bars(found: Findings) -> Iterable[Bar]:
    verdicts = found.verdicts
    counts = {
        "confirmed writes lost": sum(one.lost for one in verdicts),
        "confirmed writes lost though before the damage": found.lost_on_disk,
        "writes found in parts": sum(one.torn for one in verdicts),
        "writes refused and found all the same": sum(one.untrue for one in verdicts),
        "writes found that nobody asked for": sum(one.unknown for one in verdicts),
        "files unsound after a kill or a fault": sum(bool(one.unsound) for one in verdicts),
        "errors without a code": found.without_code,
        "hangs": found.hangs,
        "processes that died of a fault": found.deaths,
    }
    return [Bar(name, number, "<=", 0, holds(number, "<=", 0)) for name, number in counts.items()]
