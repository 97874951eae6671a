"""A meter counts the last minute and all time, and knows how long calls took within 5 %."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_contracts.meter import Meter, Outcome, load_of, outcome_of

SECONDS = st.floats(min_value=1e-5, max_value=300)


class Clock:
    """A clock that a test sets."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_nothing_counted_is_all_noughts() -> None:
    load = Meter().load()
    assert (load.calls_per_minute, load.average_latency_ms, load.error_rate) == (0, 0, 0)
    assert (load.p50_ms, load.p99_ms, load.calls) == (0, 0, 0)


@given(st.lists(SECONDS, min_size=1, max_size=200), st.sampled_from([50, 95, 99]))
def test_a_percentile_is_right_within_5_percent(times: list[float], percent: int) -> None:
    meter = Meter()
    for seconds in times:
        meter.record(seconds)
    found: float = getattr(meter.load(), f"p{percent}_ms")
    exact = sorted(times)[math.ceil(percent / 100 * len(times)) - 1] * 1000
    assert found == pytest.approx(exact, rel=0.05, abs=1e-4)


@given(st.lists(st.tuples(SECONDS, st.sampled_from(["ok", "error", "refused"])), min_size=1))
def test_refusals_by_a_limit_are_no_errors(calls: list[tuple[float, Outcome]]) -> None:
    meter = Meter()
    for seconds, outcome in calls:
        meter.record(seconds, outcome)
    load, outcomes = meter.load(), [outcome for _, outcome in calls]
    assert load.error_rate == outcomes.count("error") / len(calls)
    assert load.refusal_rate == outcomes.count("refused") / len(calls)
    assert (load.errors, load.refusals) == (outcomes.count("error"), outcomes.count("refused"))
    average_ms = sum(seconds for seconds, _ in calls) / len(calls) * 1000
    assert load.average_latency_ms == pytest.approx(average_ms, abs=1e-4), "it is rounded"


def test_what_is_over_a_minute_old_counts_only_for_all_time() -> None:
    clock = Clock()
    meter = Meter(clock)
    meter.record(0.5, "error")
    clock.now += 59.9
    meter.record(0.001)
    before = meter.load()
    clock.now += 10
    after = meter.load()
    clock.now += 3_600
    idle = meter.load()
    assert (before.calls_per_minute, before.error_rate) in {(2, 0.5), (1, 0)}
    assert (after.calls_per_minute, after.error_rate) == (1, 0)
    assert (idle.calls_per_minute, idle.p99_ms, idle.calls, idle.errors) == (0, 0, 2, 1)


def test_several_meters_are_read_as_one() -> None:
    meters = [Meter(), Meter()]
    for _ in range(99):
        meters[0].record(0.001)
    meters[1].record(1.0)
    load = load_of(meters)
    assert load.calls == 100
    assert load.p99_ms == pytest.approx(1, rel=0.05)
    assert load_of([]).calls == 0


@pytest.mark.parametrize(
    ("code", "outcome"),
    [("", "ok"), ("DB002", "error"), ("RATE001", "refused"), ("IPC006", "refused")],
)
def test_a_code_says_what_a_call_counts_as(code: str, outcome: Outcome) -> None:
    assert outcome_of(code) == outcome
