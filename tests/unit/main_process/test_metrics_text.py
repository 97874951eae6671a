"""Prometheus' own parser finds every number in the text, under a name of the app's."""

from __future__ import annotations

from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from main_process.metrics_text import to_text
from shared_contracts.metrics import (
    AppMetrics,
    CacheMetrics,
    ChannelMetrics,
    DatabaseMetrics,
    IPCMetrics,
    Load,
    ProcessMetrics,
    QueueMetrics,
)

NOW = AppMetrics(
    at=datetime.now(UTC),
    version="1.2.3",
    system="",
    python="",
    sqlite="",
    ipc=IPCMetrics(
        calls_per_minute=30,
        average_latency_ms=4,
        error_rate=0.1,
        refusal_rate=0.2,
        round_trip=Load(average_latency_ms=6),
        channels=(
            ChannelMetrics(
                channel="db:answers:save",
                calls=9,
                errors=2,
                refusals=1,
                seconds=0.9,
                p50_ms=3,
                p95_ms=20,
                p99_ms=40,
            ),
        ),
    ),
    database=DatabaseMetrics(
        queries_per_minute=60,
        average_query_time_ms=0.5,
        connection_pool_size=3,
        queries=1_000,
        errors=1,
    ),
    cache=CacheMetrics(
        hit_rate=0.8,
        miss_rate=0.2,
        eviction_rate=0.05,
        hits=80,
        misses=20,
        evictions=1,
        entries=19,
        size_bytes=4_096,
    ),
    queue=QueueMetrics(depth=7),
    processes=(
        ProcessMetrics(
            name="renderer",
            state="ready",
            pid=7,
            uptime_seconds=12.5,
            restarts=2,
            memory_bytes=400,
            resident_bytes=500,
            descriptors=60,
        ),
    ),
)


def samples(metrics: AppMetrics) -> dict[str, float]:
    """Every sample, by its name and the values of its labels."""
    return {
        " ".join(
            [sample.name.removeprefix("interview_app_"), *sample.labels.values()]
        ): sample.value
        for family in text_string_to_metric_families(to_text(metrics))
        for sample in family.samples
    }


def test_every_number_is_in_it() -> None:
    assert samples(NOW) == {
        "info 1.2.3": 1,
        "ipc_latency_seconds_count db:answers:save": 9,
        "ipc_latency_seconds_sum db:answers:save": 0.9,
        "ipc_recent_latency_seconds db:answers:save 0.5": 0.003,
        "ipc_recent_latency_seconds db:answers:save 0.95": 0.02,
        "ipc_recent_latency_seconds db:answers:save 0.99": 0.04,
        "ipc_errors_total db:answers:save": 2,
        "ipc_refusals_total db:answers:save": 1,
        "process_up renderer": 1,
        "process_restarts_total renderer": 2,
        "process_uptime_seconds renderer": 12.5,
        "process_memory_bytes renderer": 400,
        "process_resident_bytes renderer": 500,
        "process_descriptors renderer": 60,
        "ipc_calls_per_minute": 30,
        "ipc_average_latency_seconds": 0.004,
        "ipc_error_rate": 0.1,
        "ipc_refusal_rate": 0.2,
        "ipc_round_trip_seconds": 0.006,
        "database_queries_per_minute": 60,
        "database_average_query_time_seconds": 0.0005,
        "database_connection_pool_size": 3,
        "queue_depth": 7,
        "cache_hit_rate": 0.8,
        "cache_miss_rate": 0.2,
        "cache_eviction_rate": 0.05,
        "cache_entries": 19,
        "cache_size_bytes": 4_096,
        "database_queries_total": 1_000,
        "database_errors_total": 1,
        "cache_hits_total": 80,
        "cache_misses_total": 20,
        "cache_evictions_total": 1,
    }


def test_every_family_says_what_it_is() -> None:
    families = list(text_string_to_metric_families(to_text(NOW)))
    assert [family.name for family in families if not family.documentation] == []
    assert {family.name.startswith("interview_app") for family in families} == {True}
