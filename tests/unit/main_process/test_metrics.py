"""Answers are counted by channel, failures by code alone, and the last quarter hour is kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from main_process.metrics import KEPT_FAILURES, KEPT_MOMENTS, Metrics
from shared_contracts.metrics import (
    AppMetrics,
    CacheMetrics,
    DatabaseMetrics,
    IPCMetrics,
    Load,
    ProcessMetrics,
    QueueMetrics,
)


def make_now(depth: int = 0) -> AppMetrics:
    return AppMetrics(
        at=datetime.now(UTC),
        version="1",
        system="",
        python="",
        sqlite="",
        ipc=IPCMetrics(calls_per_minute=7, p95_ms=3.5),
        database=DatabaseMetrics(),
        cache=CacheMetrics(),
        queue=QueueMetrics(depth=depth),
        processes=(
            ProcessMetrics(name="main", state="ready", memory_bytes=30),
            ProcessMetrics(name="renderer", state="ready", memory_bytes=400),
        ),
    )


def test_each_channel_has_its_numbers_and_all_have_them_together() -> None:
    metrics = Metrics()
    for _ in range(9):
        metrics.answered("db:questions:get", 0.002)
    metrics.answered("db:answers:save", 0.2, "DB001")
    metrics.answered("db:answers:save", 0.0, "RATE001")
    metrics.answered("app:metrics:get", 5.0)
    ipc = metrics.ipc(Load(calls=5))
    assert ipc.channels[0].calls == 1, "who only looks is counted apart"
    assert [channel.channel for channel in ipc.channels[1:]] == [
        "db:answers:save",
        "db:questions:get",
    ]
    _, saving, reading = ipc.channels
    assert (saving.calls, saving.errors, saving.refusals) == (2, 1, 1)
    assert (saving.error_rate, saving.refusal_rate) == (0.5, 0.5)
    assert reading.p95_ms == pytest.approx(2, rel=0.05)
    assert (ipc.calls, ipc.calls_per_minute) == (11, 11)
    assert ipc.error_rate == pytest.approx(1 / 11)
    assert ipc.round_trip.calls == 5


def test_the_last_failures_are_kept_by_code_and_place() -> None:
    metrics = Metrics()
    for number in range(KEPT_FAILURES + 5):
        metrics.failed(f"db:answers:{number}", "DB001")
    kept = metrics.failures()
    assert len(kept) == KEPT_FAILURES
    assert (kept[-1].place, kept[-1].code) == (f"db:answers:{KEPT_FAILURES + 4}", "DB001")
    assert kept[0].at <= kept[-1].at


def test_moments_are_kept_for_a_quarter_of_an_hour() -> None:
    metrics = Metrics()
    for depth in range(KEPT_MOMENTS + 3):
        metrics.remember(make_now(depth))
    moments = metrics.history()
    assert len(moments) == KEPT_MOMENTS
    last = moments[-1]
    assert (last.calls_per_minute, last.p95_ms) == (7, 3.5)
    assert (last.queue_depth, last.memory_bytes) == (KEPT_MOMENTS + 2, 430)
