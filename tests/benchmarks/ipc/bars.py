"""What has to be reached, of contenders who were measured together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.benchmarks.ipc.groups import Group
from tests.benchmarks.ipc.messages import Size
from tests.benchmarks.machine import load
from tests.benchmarks.report import Bar, Target, holds
from tests.benchmarks.rounds import Measured, bar, latency_ratios, percentile, rate_ratios

OURS = "app"
_BEHIND_AT: dict[str, tuple[Size, ...]] = {
    "rpyc": ("200 B", "10 kB", "1 MB"),
    "grpc": ("200 B", "10 kB", "1 MB"),
    "grpc_aio": ("200 B", "10 kB", "1 MB"),
    "jsonrpc": ("200 B", "10 kB", "1 MB"),
    "zmq": ("200 B", "10 kB", "1 MB"),
    "child_process": ("10 kB", "1 MB"),
    "multiprocessing": ("10 kB", "1 MB"),
}
"""At which sizes ours has to be ahead of whom."""
_AT_MOST_OF_THE_FLOOR: dict[tuple[Size, str], float] = {
    ("200 B", "one core"): 3,
    ("200 B", "unpinned"): 4,
    ("10 kB", "one core"): 1.6,
    ("10 kB", "unpinned"): 1.6,
}
_HTTP_AT_LEAST: dict[tuple[Size, str], float] = {
    ("200 B", "one core"): 20,
    ("200 B", "unpinned"): 10,
    ("10 kB", "one core"): 8,
    ("10 kB", "unpinned"): 8,
}
_FALLBACK_AT_MOST = 1.3


def bars_of(measured: Mapping[Group, Measured]) -> Iterator[Bar]:
    """The bars of everybody who took part."""
    for group, found in measured.items():
        if OURS in found:
            yield from _rates(group, found) if group.in_flight > 1 else _latencies(group, found)


def targets_of(measured: Mapping[Group, Measured]) -> Iterator[Target]:
    """How long the slowest of a hundred takes."""
    for group, found in measured.items():
        if OURS not in found or group.in_flight > 1 or group.size == "1 MB":
            continue
        limit_ms = 1.0 if group.size == "200 B" else 5.0
        slowest = percentile(sorted(one for each in found[OURS] for one in each.latencies_ns), 99)
        value = round(slowest / 1_000, 3)
        name = f"p99, {group.name}"
        yield Target(name, value, "<=", limit_ms, "ms", holds(value, "<=", limit_ms), load())


def _latencies(group: Group, found: Measured) -> Iterator[Bar]:
    here = group.name
    floor = _AT_MOST_OF_THE_FLOOR.get((group.size, group.place))
    if floor and "sockets" in found:
        ratios = latency_ratios(found, OURS, "sockets")
        yield bar(f"p50, ours / blocking sockets: {here}", ratios, "<=", floor)
    http = _HTTP_AT_LEAST.get((group.size, group.place))
    if http and "litestar" in found:
        ratios = latency_ratios(found, "litestar", OURS)
        yield bar(f"p50, httpx to Litestar / ours: {here}", ratios, ">=", http)
    if http and {"fallback", "litestar"} <= found.keys():
        ratios = latency_ratios(found, "fallback", "litestar")
        yield bar(f"p50, our HTTP / httpx to Litestar: {here}", ratios, "<=", _FALLBACK_AT_MOST)
    for peer, sizes in _BEHIND_AT.items():
        if peer in found and group.size in sizes:
            yield bar(f"p50, {peer} / ours: {here}", latency_ratios(found, peer, OURS), ">=", 1)


def _rates(group: Group, found: Measured) -> Iterator[Bar]:
    for peer, sizes in _BEHIND_AT.items():
        if peer in found and group.size in sizes:
            ratios = rate_ratios(found, OURS, peer)
            yield bar(f"per second, ours / {peer}: {group.name}", ratios, ">=", 1)
