"""The numbers in Prometheus' text format, as its own library writes it.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.registry import Collector

from shared_contracts.metrics import AppMetrics, ChannelMetrics, ProcessMetrics

_PREFIX = "interview_app"


def to_text(metrics: AppMetrics) -> str:
    """All of `metrics` but the history, which is Prometheus' own business."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Fixed(metrics))
    return generate_latest(registry).decode()


class _Fixed(Collector):
    """Numbers that were taken already."""

    def __init__(self, metrics: AppMetrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """As the library asks for them."""
        metrics = self._metrics
        info = InfoMetricFamily(_PREFIX, "The app that runs")
        info.add_metric((), {"version": metrics.version})
        yield info
        yield from _calls(metrics.ipc.channels)
        yield from _processes(metrics.processes)
        for name, what, value in _gauges(metrics):
            yield GaugeMetricFamily(f"{_PREFIX}_{name}", what, value=value)
        for name, what, value in _counters(metrics):
            yield CounterMetricFamily(f"{_PREFIX}_{name}", what, value=value)


def _calls(channels: Iterable[ChannelMetrics]) -> Iterator[Metric]:
    label = ("channel",)
    latency = SummaryMetricFamily(
        f"{_PREFIX}_ipc_latency_seconds", "From request to answer in main", labels=label
    )
    recent = GaugeMetricFamily(
        f"{_PREFIX}_ipc_recent_latency_seconds",
        "The same, by quantile over the last minute",
        labels=("channel", "quantile"),
    )
    errors = CounterMetricFamily(f"{_PREFIX}_ipc_errors", "Error answers", labels=label)
    refusals = CounterMetricFamily(f"{_PREFIX}_ipc_refusals", "Refused by a limit", labels=label)
    for channel in channels:
        name = (channel.channel,)
        latency.add_metric(name, count_value=channel.calls, sum_value=channel.seconds)
        errors.add_metric(name, channel.errors)
        refusals.add_metric(name, channel.refusals)
        quantiles = {"0.5": channel.p50_ms, "0.95": channel.p95_ms, "0.99": channel.p99_ms}
        for quantile, ms in quantiles.items():
            recent.add_metric((*name, quantile), ms / 1000)
    yield from (latency, recent, errors, refusals)


def _processes(processes: Iterable[ProcessMetrics]) -> Iterator[Metric]:
    label = ("process",)
    up = GaugeMetricFamily(f"{_PREFIX}_process_up", "1 when it is ready", labels=label)
    gauges = {
        "uptime_seconds": "How long it has run",
        "memory_bytes": "Proportional set size, with its helpers",
        "resident_bytes": "Resident set size, with its helpers",
        "descriptors": "Open file descriptors, with its helpers",
    }
    families = {
        field: GaugeMetricFamily(f"{_PREFIX}_process_{field}", what, labels=label)
        for field, what in gauges.items()
    }
    restarts = CounterMetricFamily(f"{_PREFIX}_process_restarts", "Starts again", labels=label)
    for process in processes:
        up.add_metric((process.name,), float(process.state == "ready"))
        restarts.add_metric((process.name,), process.restarts)
        for field, family in families.items():
            family.add_metric((process.name,), getattr(process, field))
    yield from (up, restarts, *families.values())


def _gauges(metrics: AppMetrics) -> Iterator[tuple[str, str, float]]:
    ipc, database, cache = metrics.ipc, metrics.database, metrics.cache
    yield "ipc_calls_per_minute", "Answers in the last minute", ipc.calls_per_minute
    yield (
        "ipc_average_latency_seconds",
        "From request to answer in main, in the last minute",
        ipc.average_latency_ms / 1000,
    )
    yield "ipc_error_rate", "Errors, without refusals, in the last minute", ipc.error_rate
    yield "ipc_refusal_rate", "Refused by a limit in the last minute", ipc.refusal_rate
    yield (
        "ipc_round_trip_seconds",
        "As the renderer sees it, in the last minute",
        ipc.round_trip.average_latency_ms / 1000,
    )
    yield "database_queries_per_minute", "In the last minute", database.queries_per_minute
    yield (
        "database_average_query_time_seconds",
        "In the last minute",
        database.average_query_time_ms / 1000,
    )
    yield "database_connection_pool_size", "Open connections", database.connection_pool_size
    yield "queue_depth", "Writes that wait for the writer", metrics.queue.depth
    yield "cache_hit_rate", "Answers that were kept, of all asked for", cache.hit_rate
    yield "cache_miss_rate", "Those that were not", cache.miss_rate
    yield "cache_eviction_rate", "Had to make room, of all that came in", cache.eviction_rate
    yield "cache_entries", "Answers that are kept", cache.entries
    yield "cache_size_bytes", "Their size", cache.size_bytes


def _counters(metrics: AppMetrics) -> Iterator[tuple[str, str, float]]:
    yield "database_queries", "Units of work", metrics.database.queries
    yield "database_errors", "Units of work that failed", metrics.database.errors
    yield "cache_hits", "Answered by the cache", metrics.cache.hits
    yield "cache_misses", "Not in the cache", metrics.cache.misses
    yield "cache_evictions", "Thrown out to make room", metrics.cache.evictions
