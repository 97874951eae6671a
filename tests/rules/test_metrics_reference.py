"""The page on metrics names every number, by each of its names."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from main_process.metrics_text import to_text
from shared_contracts import metrics
from shared_contracts.metrics import AppMetrics, CacheMetrics, DatabaseMetrics, IPCMetrics

PAGE = (Path(__file__).parents[2] / "docs/reference/metrics.md").read_text("utf-8")
NAMES = {name.rpartition(".")[2] for name in re.findall(r"`([\w.]+)`", PAGE)}
STRUCTS = [
    kind
    for kind in vars(metrics).values()
    if isinstance(kind, type)
    and issubclass(kind, msgspec.Struct)
    and kind.__module__ == metrics.__name__
]
PLAN = {
    "ipc": ("callsPerMinute", "averageLatency", "errorRate"),
    "database": ("queriesPerMinute", "averageQueryTime", "connectionPoolSize"),
    "cache": ("hitRate", "missRate", "evictionRate"),
}
EMPTY = AppMetrics(
    at=datetime.now(UTC),
    version="",
    system="",
    python="",
    sqlite="",
    ipc=IPCMetrics(),
    database=DatabaseMetrics(),
    cache=CacheMetrics(),
    queue=metrics.QueueMetrics(),
    processes=(),
)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_field_is_named(struct: type[msgspec.Struct]) -> None:
    passed_on = {"ipc", "database", "cache", "queue", "channel", "history"}
    assert set(struct.__struct_fields__) - NAMES - passed_on == set()


def test_every_family_of_prometheus_is_named() -> None:
    families = text_string_to_metric_families(to_text(EMPTY))
    named = {family.name.removeprefix("interview_app_") for family in families} - {"interview_app"}
    assert named - NAMES == set()


@pytest.mark.parametrize(("part", "fields"), PLAN.items())
def test_the_plans_fields_are_there_under_names_that_can_be_recognised(
    part: str, fields: tuple[str, ...]
) -> None:
    struct = {"ipc": IPCMetrics, "database": DatabaseMetrics, "cache": CacheMetrics}[part]
    for field in fields:
        ours = re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", field)
        found = [name for name in struct.__struct_fields__ if name in {ours, f"{ours}_ms"}]
        assert len(found) == 1
        assert f"| `{part}.{field}` | `{part}.{found[0]}` |" in PAGE
