"""`app:metrics:get`, and the memory of how the numbers were before."""

from __future__ import annotations

import asyncio
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version

import msgspec

from main_process import process_memory
from main_process.metrics import MOMENT_SECONDS
from main_process.services import Services
from shared_contracts.metrics import AppMetrics, DatabaseMetrics, GetMetrics, QueueMetrics


async def get(app: Services, request: GetMetrics) -> AppMetrics:
    """All numbers as they are now."""
    await app.around.check_processes()
    now = await _collect(app)
    return msgspec.structs.replace(now, history=app.metrics.history()) if request.history else now


async def remember(app: Services) -> None:
    """Keep for the charts how it is, again and again, until cancelled."""
    while True:
        app.metrics.remember(await _collect(app))
        await asyncio.sleep(MOMENT_SECONDS)


def _database(app: Services) -> DatabaseMetrics:
    load = app.database.meter.load()
    return DatabaseMetrics(
        queries_per_minute=load.calls_per_minute,
        average_query_time_ms=load.average_latency_ms,
        p95_ms=load.p95_ms,
        connection_pool_size=app.database.connections,
        queries=load.calls,
        errors=load.errors,
    )


async def _collect(app: Services) -> AppMetrics:
    processes = await asyncio.to_thread(process_memory.measure, app.process_health())
    renderer = app.around.renderer_metrics()
    return AppMetrics(
        at=datetime.now(UTC),
        version=version("interview-app"),
        system=platform.platform(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        ipc=app.metrics.ipc(renderer.round_trip),
        database=_database(app),
        cache=renderer.cache,
        queue=QueueMetrics(depth=app.database.queue.depth),
        processes=processes,
        last_errors=app.metrics.failures(),
    )
