"""How the processes are while the soak runs, who is killed, and what that comes to."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import statistics
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from shared_contracts.channels import HEALTH_GET, METRICS_GET, SETTINGS_GET
from shared_contracts.errors import AppError
from shared_contracts.health import GetHealth
from shared_contracts.metrics import AppMetrics, GetMetrics
from shared_contracts.settings import GetSettings
from tests.ipc_client import Client

FLOOD = 1_500
"""More at once than a client may ask of a channel at a stretch."""
_HOUR = 3_600
_WARM_UP = 0.5
"""The part of a series in which caches fill: it says nothing about growth."""


@dataclass(frozen=True)
class Kill:
    """One kill, and how long it took until the process was ready again."""

    name: str
    at: float
    back_after: float


@dataclass
class Watch:
    """Samples and kills, from the start on."""

    started: float = field(default_factory=time.monotonic)
    samples: list[tuple[float, AppMetrics]] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    flooded: int = 0
    refused: int = 0

    async def sample(self, main: Client, seconds: float) -> None:
        """Ask how all is, again and again, until cancelled."""
        while True:
            now = await main.call(METRICS_GET, GetMetrics())
            self.samples.append((time.monotonic() - self.started, now))
            await asyncio.sleep(seconds)

    async def kill_now_and_then(
        self, main: Client, name: str, dice: random.Random, first: float
    ) -> None:
        """SIGKILL the process; seldom enough that the supervisor doesn't give it up."""
        await asyncio.sleep(dice.uniform(first / 2, first))
        while True:
            killed = await ready(main, name)
            os.kill(killed, signal.SIGKILL)
            at = time.monotonic()
            await ready(main, name, other_than=killed)
            back_after = time.monotonic() - at
            self.kills.append(Kill(name, at - self.started, back_after))
            await asyncio.sleep(dice.uniform(155, 200))

    async def flood(self, main: Client, seconds: float) -> None:
        """Ask far too much at once, now and then: the limits are for that."""
        while True:
            await asyncio.sleep(seconds)
            asked = [main.call(SETTINGS_GET, GetSettings()) for _ in range(FLOOD)]
            answers = await asyncio.gather(*asked, return_exceptions=True)
            self.flooded += FLOOD
            self.refused += sum(isinstance(answer, AppError) for answer in answers)

    def memory(self, name: str) -> list[tuple[float, float]]:
        """Seconds and MB of a process, in its longest life."""
        return self._series(name, "memory_bytes", 1_000_000)

    def descriptors(self, name: str) -> list[tuple[float, float]]:
        """Seconds and open descriptors of a process, in its longest life."""
        return self._series(name, "descriptors", 1)

    def _series(self, name: str, field_name: str, unit: float) -> list[tuple[float, float]]:
        lives: dict[int, list[tuple[float, float]]] = {}
        for at, metrics in self.samples:
            for process in metrics.processes:
                if process.name == name and process.pid is not None:
                    value = getattr(process, field_name) / unit
                    lives.setdefault(process.pid, []).append((at, value))
        return max(lives.values(), key=len, default=[])


async def ready(main: Client, name: str, *, other_than: int = 0) -> int:
    """Wait until the process is ready, and return its id."""
    while True:
        main.events.clear()
        health = await main.call(HEALTH_GET, GetHealth())
        for process in health.processes:
            if process.name == name and process.state == "ready" and process.pid != other_than:
                assert process.pid
                return process.pid
            assert process.state != "failed", f"{process.name} was given up"
        with suppress(TimeoutError):  # On a busy machine a start takes its time.
            await main.until_told("health")


def slope_an_hour(series: Sequence[tuple[float, float]]) -> float:
    """How fast it grows, by linear regression over what follows the warm-up."""
    settled = series[int(len(series) * _WARM_UP) :]
    if len(settled) < 3:
        return 0.0
    times, values = zip(*settled, strict=True)
    return statistics.linear_regression(times, values).slope * _HOUR
