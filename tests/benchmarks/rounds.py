"""Contenders take turns in small batches, in one process and one run, so that all meet the same
machine; what is quoted are medians, and ratios are taken round by round.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from tests.benchmarks.report import Bar, Op, Result, holds

Operation: TypeAlias = Callable[[], Awaitable[object]]
Batch: TypeAlias = Callable[[], Awaitable[Sequence[int]]]
"""Does a few operations and returns how long each took, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    rounds: int = 5
    seconds_a_round: float = 4.0
    warm_up_batches: int = 3

    @classmethod
    def wanted(cls, options: argparse.Namespace) -> Effort:
        """What the command line asks for."""
        effort = cls(seconds_a_round=0.3, warm_up_batches=1) if options.quick else cls()
        return (
            effort if options.seconds is None else replace(effort, seconds_a_round=options.seconds)
        )

    def batch_of(self, count: int) -> int:
        """How many operations make a batch: one, when no time is to be spent."""
        return count if self.seconds_a_round else 1


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who does the same work; `what` says exactly how."""

    name: str
    what: str
    batch: Batch
    prepare: Callable[[], Awaitable[None]] | None = None
    """Makes what the next batch needs, in nobody's time."""


@dataclass(slots=True)
class Taken:
    """What a contender took in one round."""

    latencies_ns: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def p50_us(self) -> float:
        """The median latency."""
        return statistics.median(self.latencies_ns) / 1_000

    @property
    def per_second(self) -> float:
        """Operations done in a second of this contender's own time."""
        return len(self.latencies_ns) / self.seconds


Measured: TypeAlias = dict[str, list[Taken]]
"""The rounds of each contender, by its name."""


def one_by_one(operation: Operation, count: int) -> Batch:
    """A batch of `count` operations, each after the one before."""
    return partial(_timed, operation, count)


def at_once(operation: Operation, callers: int, each: int = 1) -> Batch:
    """A batch by `callers` who all wait at the same time, each for `each` operations in turn."""

    async def batch() -> list[int]:
        took = await asyncio.gather(*(_timed(operation, each) for _ in range(callers)))
        return [one for some in took for one in some]

    return batch


async def _timed(operation: Operation, count: int) -> list[int]:
    took: list[int] = []
    for _ in range(count):
        began = time.perf_counter_ns()
        await operation()
        took.append(time.perf_counter_ns() - began)
    return took


async def measure(contenders: Sequence[Contender], effort: Effort) -> Measured:
    """Warm everybody up, then let them take turns until each round's time is over."""
    for contender in contenders:
        for _ in range(effort.warm_up_batches):
            await _turn(contender)
    measured: Measured = {contender.name: [] for contender in contenders}
    for number in range(effort.rounds):
        for rounds in measured.values():
            rounds.append(Taken())
        # Who comes first changes, since the first pays for what the one before left behind.
        start = number % len(contenders)
        in_turn = [*contenders[start:], *contenders[:start]]
        ends = time.perf_counter() + effort.seconds_a_round
        await _pass(in_turn, measured)
        while time.perf_counter() < ends:
            await _pass(in_turn, measured)
    return measured


async def _pass(contenders: Sequence[Contender], measured: Measured) -> None:
    for contender in contenders:
        latencies, seconds = await _turn(contender)
        taken = measured[contender.name][-1]
        taken.latencies_ns += latencies
        taken.seconds += seconds


async def _turn(contender: Contender) -> tuple[Sequence[int], float]:
    if contender.prepare:
        await contender.prepare()
    began = time.perf_counter()
    latencies = await contender.batch()
    return latencies, time.perf_counter() - began


def result(contender: Contender, rounds: Sequence[Taken], group: str) -> Result:
    """A contender's line: percentiles over all rounds, and the median round's rate."""
    everything = sorted(one for taken in rounds for one in taken.latencies_ns)
    return Result(
        name=f"{group}: {contender.name}",
        what=contender.what,
        p50_us=round(percentile(everything, 50), 1),
        p99_us=round(percentile(everything, 99), 1),
        per_second=round(statistics.median(taken.per_second for taken in rounds), 1),
        count=len(everything),
    )


def percentile(ordered_ns: Sequence[int], percent: float) -> float:
    """The nearest rank's value of an ascending row of nanoseconds, in microseconds."""
    rank = max(0, -(-len(ordered_ns) * percent // 100) - 1)
    return ordered_ns[int(rank)] / 1_000


def results(contenders: Sequence[Contender], measured: Measured, group: str) -> list[Result]:
    """A line for each contender."""
    return [result(one, measured[one.name], group) for one in contenders]


def bar(name: str, ratios: Sequence[float], op: Op, limit: float) -> Bar:
    """A bar on the median of the rounds' ratios; all of them are published."""
    value = statistics.median(ratios)
    return Bar(
        name=name,
        value=round(value, 3),
        op=op,
        bar=limit,
        holds=holds(value, op, limit),
        rounds=tuple(round(one, 3) for one in ratios),
    )


def latency_ratios(measured: Measured, ours: str, peer: str) -> list[float]:
    """Our median latency over the peer's, round by round: below 1 is faster."""
    pairs = zip(measured[ours], measured[peer], strict=True)
    return [mine.p50_us / theirs.p50_us for mine, theirs in pairs]


def rate_ratios(measured: Measured, ours: str, peer: str) -> list[float]:
    """Our operations a second over the peer's, round by round: above 1 is faster."""
    pairs = zip(measured[ours], measured[peer], strict=True)
    return [mine.per_second / theirs.per_second for mine, theirs in pairs]
