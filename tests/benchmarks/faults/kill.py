"""SIGKILL at random moments, again and again on the same file."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.faults.ledger import Ledger, Verdict, judge
from tests.benchmarks.faults.process import WriterProcess, writer

CLIENTS = 64
ROUNDS_A_FILE = 10
"""A file is killed so often; then a new one keeps the checks short."""
Moment = Callable[[WriterProcess, float], Awaitable[None]]
"""Waits for the moment to kill; the number from 0 to 1 is the chance's part in it."""


async def while_writing(running: WriterProcess, chance: float) -> None:
    """Up to half a second after the first write was confirmed."""
    await running.until_more("kept")
    await asyncio.sleep(0.5 * chance)


async def while_opening(running: WriterProcess, chance: float) -> None:
    """While the process starts, finds what the last one left, and begins to write."""
    await asyncio.sleep(1.5 * chance)


async def while_closing(running: WriterProcess, chance: float) -> None:
    """When it has been told to stop: the line is emptied, and the log goes into the file."""
    await running.until_more("kept")
    running.end_input()
    await asyncio.sleep(0.05 * chance)


@dataclass(frozen=True, slots=True)
class KillRound:
    """One of them: `kept` writes were confirmed in it. The first of a file finds it new."""

    is_first: bool
    moment: str
    kept: int
    verdict: Verdict


MOMENTS: dict[str, Moment] = {
    "while writing": while_writing,
    "while opening": while_opening,
    "while closing": while_closing,
}
_WEIGHTS = (3, 1, 1)


async def kill_once(path: Path, ledger: Ledger, moment: Moment, chance: float) -> Verdict:
    """Start a writer, kill it at the moment, and look at the file."""
    async with writer(path, CLIENTS, ledger) as running:
        await moment(running, chance)
        await running.kill()
    return await asyncio.to_thread(judge, path, ledger)


async def kill_rounds(folder: Path, rounds: int, chance: random.Random) -> list[KillRound]:
    """All rounds; each round's file has everything of the rounds before it."""
    done: list[KillRound] = []
    ledger = Ledger()
    for number in range(rounds):
        is_first = number % ROUNDS_A_FILE == 0
        if is_first:
            ledger = Ledger()
            moment = "while writing"  # the file must be there before it can be opened again
        else:
            (moment,) = chance.choices(list(MOMENTS), _WEIGHTS)
        path = folder / f"killed-{number // ROUNDS_A_FILE}.db"
        before = len(ledger.kept)
        verdict = await kill_once(path, ledger, MOMENTS[moment], chance.random())
        done.append(KillRound(is_first, moment, len(ledger.kept) - before, verdict))
    return done
