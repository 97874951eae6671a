"""The one shape of what a benchmark found, as JSON and as a table with the bars last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, TypeAlias

import msgspec

Op: TypeAlias = Literal[">=", "<="]


class Machine(msgspec.Struct, frozen=True):
    """Where it ran; `load` is the load average of one minute at the start and at the end."""

    cpu: str
    cores: int
    memory_mb: int
    system: str
    python: str
    sqlite: str
    load: tuple[float, float]
    fsync_us: float
    """The median time in which the disk under the benchmark's files makes 4 KiB safe."""


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one contender took; `what` says what it does, `detail` is the benchmark's own."""

    name: str
    what: str
    p50_us: float | None = None
    p99_us: float | None = None
    per_second: float | None = None
    count: int | None = None
    detail: dict[str, Any] = msgspec.field(default_factory=dict)


class Bar(msgspec.Struct, frozen=True):
    """What has to be reached: `value` is the median of `rounds`, if it was taken in rounds."""

    name: str
    value: float
    op: Op
    bar: float
    holds: bool
    rounds: tuple[float, ...] = ()


class Target(msgspec.Struct, frozen=True):
    """An absolute aim, which depends on the machine and on what else `load` says it had to do."""

    name: str
    value: float
    op: Op
    target: float
    unit: str
    holds: bool
    load: float


class Missing(msgspec.Struct, frozen=True):
    """A contender that could not take part."""

    name: str
    why: str


class Report(msgspec.Struct, frozen=True):
    """All of one run."""

    benchmark: str
    commit: str
    date: str
    machine: Machine
    settings: dict[str, Any]
    results: tuple[Result, ...]
    bars: tuple[Bar, ...]
    targets: tuple[Target, ...] = ()
    missing: tuple[Missing, ...] = ()


def holds(value: float, op: Op, limit: float) -> bool:
    """Whether `value` keeps to `limit`."""
    return value >= limit if op == ">=" else value <= limit


def to_json(report: Report) -> bytes:
    """The file's content."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def to_text(report: Report) -> str:
    """Tables for people: results, who was missing, targets, and the bars last."""
    machine = report.machine
    parts = [
        f"{report.benchmark}, {report.date}, commit {report.commit}",
        f"{machine.cpu}, {machine.cores} cores, {machine.memory_mb} MB, {machine.system}",
        f"Python {machine.python}, SQLite {machine.sqlite}",
        f"load {machine.load[0]:.2f} to {machine.load[1]:.2f}; fsync {machine.fsync_us:.0f} µs",
        "; ".join(f"{name}: {value}" for name, value in report.settings.items()),
        _table(("result", "p50 µs", "p99 µs", "per second", "n"), map(_result, report.results)),
        "\n".join(f"{one.name}: {one.what}" for one in report.results),
    ]
    parts += [f"missing: {one.name}: {one.why}" for one in report.missing]
    if report.targets:
        head = ("target", "value", "", "aim", "unit", "load", "")
        parts.append(_table(head, map(_target, report.targets)))
    if report.bars:
        parts.append(_table(("bar", "value", "", "bar", "rounds", ""), map(_bar, report.bars)))
    return "\n\n".join(part for part in parts if part)


def _result(one: Result) -> Sequence[str]:
    return (
        one.name,
        _number(one.p50_us),
        _number(one.p99_us),
        _number(one.per_second),
        _number(one.count),
    )


def _target(one: Target) -> Sequence[str]:
    verdict = "reached" if one.holds else "NOT REACHED"
    aim = _number(one.target)
    return (one.name, _number(one.value), one.op, aim, one.unit, f"{one.load:.2f}", verdict)


def _bar(one: Bar) -> Sequence[str]:
    rounds = " ".join(_number(value) for value in one.rounds)
    verdict = "holds" if one.holds else "MISSED"
    return (one.name, _number(one.value), one.op, _number(one.bar), rounds, verdict)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    if isinstance(value, int) or abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    rows = [head, *body]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if index == 0 else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])
