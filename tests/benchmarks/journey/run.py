"""Starts the app some times, plays with it, and asks what that took and how much memory."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright, expect, sync_playwright

from tests.benchmarks.journey.clicks import ACTIONS, time_click
from tests.benchmarks.journey.plays import PLAYS
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Report, Result, Target
from tests.end_to_end.app_driver import WindowDriver, virtual_screen

CLICK_MS = 100
"""The plan's target for 95 of 100 clicks."""
_START = """() => ({
  origin: performance.timeOrigin,
  painted: performance.getEntriesByName("first-contentful-paint")[0].startTime,
  usable: performance.getEntriesByName("usable")[0].startTime,
})"""


@dataclass(slots=True)
class Found:
    """All that was measured, times in ms."""

    painted: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    clicks: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    cache: dict[str, Any] = field(default_factory=dict)


def add_options(parser: argparse.ArgumentParser) -> None:
    """How often; `--seconds 0` asks for once."""
    parser.add_argument("--starts", type=int, metavar="N", help="starts of the app (10; quick 2)")
    parser.add_argument("--clicks", type=int, metavar="N", help="clicks of each kind (40; quick 3)")


def run(options: argparse.Namespace) -> Report:
    """Starts first, since they are the coldest; then the clicks, and a play for the cache."""
    load_before = load()
    starts = options.starts or (2 if options.quick else 10)
    clicks = options.clicks or (3 if options.quick else 40)
    found = Found()
    with (
        tempfile.TemporaryDirectory() as name,
        virtual_screen() as screen,
        sync_playwright() as playwright,
    ):
        folder = Path(name)
        for _ in range(starts - 1):
            _start(playwright, folder, screen, found).close()
        window = _start(playwright, folder, screen, found)
        _click_through(window.page(), clicks, found)
        _play(window, found)
        window.close()
        return Report(
            benchmark="journey",
            commit=commit(),
            date=today(),
            machine=machine(folder, load_before),
            settings={"starts": starts, "clicks of each kind": clicks, "screen": "Xvfb"},
            results=tuple(_results(found)),
            targets=tuple(_targets(found, load_before)),
            bars=(),
        )


def _start(
    playwright: Playwright, folder: Path, screen: dict[str, str], found: Found
) -> WindowDriver:
    began = time.time() * 1000
    window = WindowDriver(playwright, folder / "profile", screen)
    page = window.page()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()
    told = page.evaluate(_START)
    found.painted.append(told["origin"] + told["painted"] - began)
    # What isn't painted yet can't be used, be it ready or not.
    found.usable.append(told["origin"] + max(told["painted"], told["usable"]) - began)
    return window


def _click_through(page: Page, times: int, found: Found) -> None:
    for number in range(times + 1):
        for action in ACTIONS:
            took = time_click(page, action)
            # Whatever is loaded or compiled at the first time is not what people wait for daily.
            if number:
                found.clicks.setdefault(action.name, []).append(took)


def _play(window: WindowDriver, found: Found) -> None:
    """Use the app as a person does, then see what it holds and how its cache did."""
    for play in PLAYS.values():
        play(window.page())
    found.cache = window.app.socket.call("app:metrics:get", {})["cache"]
    for process in window.app.tree():
        name = process.name()
        found.memory[name] = found.memory.get(name, 0) + process.memory_full_info().pss


def _results(found: Found) -> list[Result]:
    return [
        _line("start to first paint", "from the command to the first content", found.painted),
        _line("start to usable", "from the command to the button that starts", found.usable),
        *(_line(f"click: {name}", "to its paint", took) for name, took in found.clicks.items()),
        _memory_line(found.memory),
        Result(
            name="cache",
            what=f"answered {found.cache['hit_rate']:.1%} of all reads in this run by itself",
            count=found.cache["hits"] + found.cache["misses"],
            detail=found.cache,
        ),
    ]


def _memory_line(memory: dict[str, int]) -> Result:
    sizes = {name: _megabytes(size) for name, size in sorted(memory.items())}
    total = _megabytes(sum(memory.values()))
    named = ", ".join(f"{name} {size}" for name, size in sizes.items())
    return Result(
        name="memory",
        what=f"{total} MB (PSS) of all processes after use: {named}",
        detail={"total_mb": total, **sizes},
    )


def _targets(found: Found, load_before: float) -> list[Target]:
    return [
        Target(
            name=f"p95 of: {name}",
            value=round(_percentile(took, 95), 1),
            op="<=",
            target=CLICK_MS,
            unit="ms",
            holds=_percentile(took, 95) <= CLICK_MS,
            load=load_before,
        )
        for name, took in found.clicks.items()
    ]


def _line(name: str, what: str, took_ms: Sequence[float]) -> Result:
    return Result(
        name=name,
        what=what,
        p50_us=round(statistics.median(took_ms) * 1000, 1),
        p99_us=round(_percentile(took_ms, 99) * 1000, 1),
        count=len(took_ms),
        detail={
            "p95_us": round(_percentile(took_ms, 95) * 1000, 1),
            "all_ms": [round(one, 1) for one in took_ms],
        },
    )


def _percentile(took: Sequence[float], percent: int) -> float:
    """The nearest rank's value."""
    ordered = sorted(took)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _megabytes(size: int) -> float:
    return round(size / 2**20, 1)
