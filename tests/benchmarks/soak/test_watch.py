"""Growth is told from warming up, and of a process in one life."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared_contracts.metrics import (
    AppMetrics,
    CacheMetrics,
    DatabaseMetrics,
    IPCMetrics,
    ProcessMetrics,
    QueueMetrics,
)
from tests.benchmarks.soak.page import Tally
from tests.benchmarks.soak.watch import Watch, slope_an_hour


def sample(pid: int, memory_bytes: int) -> AppMetrics:
    process = ProcessMetrics(name="renderer", state="ready", pid=pid, memory_bytes=memory_bytes)
    return AppMetrics(
        at=datetime.now(UTC),
        version="",
        system="",
        python="",
        sqlite="",
        ipc=IPCMetrics(),
        database=DatabaseMetrics(),
        cache=CacheMetrics(),
        queue=QueueMetrics(),
        processes=(process,),
    )


def test_what_grows_after_the_warm_up_is_growth() -> None:
    flat = [(float(at), 100.0 if at >= 40 else at * 2.5) for at in range(100)]
    leaking = [(float(at), value + at / 3_600) for at, value in flat]
    assert slope_an_hour(flat) == pytest.approx(0)
    assert slope_an_hour(leaking) == pytest.approx(1)
    assert slope_an_hour([]) == 0


def test_the_longest_life_of_a_process_is_looked_at() -> None:
    watch = Watch()
    for at, pid in enumerate([1, 1, 2, 2, 2, 3]):
        watch.samples.append((float(at), sample(pid, pid * 10_000_000)))
    assert watch.memory("renderer") == [(2.0, 20.0), (3.0, 20.0), (4.0, 20.0)]
    assert watch.memory("nobody") == []


def test_refusals_by_a_limit_are_counted_apart() -> None:
    tally = Tally()
    for code in ("", "", "RATE001", "IPC006", "DB001"):
        tally.count("db:questions:get", 1_000, code)
    assert (tally.calls, tally.failed(refusals=True), tally.failed(refusals=False)) == (5, 3, 1)
