"""The shape that every benchmark's JSON has, and its table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import (
    Bar,
    Machine,
    Missing,
    Report,
    Result,
    Target,
    holds,
    to_json,
    to_text,
)


def make_report(here: Machine) -> Report:
    return Report(
        benchmark="example",
        commit=commit(),
        date=today(),
        machine=here,
        settings={"rows": 10},
        results=(
            Result("read: ours", "reads a row", 12.5, 30.0, 80_000.0, 100, {"bytes": 7}),
            Result("fault", "is counted", detail={"lost": 0}),
        ),
        bars=(
            Bar("quick enough", 1.2, "<=", 1.3, holds=True, rounds=(1.1, 1.2, 1.3)),
            Bar("lost", 1, "<=", 0, holds=False),
        ),
        targets=(Target("read p99", 0.03, "<=", 50, "ms", holds=True, load=1.0),),
        missing=(Missing("peer", "it is not installed"),),
    )


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """One with something of everything."""
    return make_report(machine(tmp_path, load()))


def test_the_json_has_the_agreed_names(report: Report) -> None:
    found = json.loads(to_json(report))
    assert {"benchmark", "commit", "date", "machine", "results", "bars", "targets"} <= set(found)
    assert set(found["machine"]) == {
        *("cpu", "cores", "memory_mb", "system", "python", "sqlite", "load", "fsync_us")
    }
    assert found["results"][0] == {
        "name": "read: ours",
        "what": "reads a row",
        "p50_us": 12.5,
        "p99_us": 30.0,
        "per_second": 80_000.0,
        "count": 100,
        "detail": {"bytes": 7},
    }
    assert found["results"][1] == {"name": "fault", "what": "is counted", "detail": {"lost": 0}}
    assert set(found["bars"][0]) == {"name", "value", "op", "bar", "holds", "rounds"}


def test_the_table_says_what_is_missing_and_ends_with_the_bars(report: Report) -> None:
    text = to_text(report)
    assert "missing: peer: it is not installed" in text
    assert text.splitlines()[-2].endswith("holds")
    assert text.splitlines()[-1].endswith("MISSED")
    assert "reached" in text


def test_the_machine_is_described(report: Report) -> None:
    assert report.machine.cores >= 1
    assert report.machine.cpu
    assert report.machine.fsync_us > 0


def test_a_bar_may_ask_for_more_or_for_less() -> None:
    assert holds(2, ">=", 2)
    assert holds(2, "<=", 2)
    assert not holds(1, ">=", 2)
    assert not holds(3, "<=", 2)
