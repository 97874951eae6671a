"""The numbers come from all parts, and those of before are kept."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from uuid import uuid4

import pytest

from main_process.handlers import metrics as handlers
from main_process.handlers import sessions
from main_process.metrics import Metrics
from main_process.services import Around, Services
from shared_contracts.errors import NotFoundError, QueueClosedError
from shared_contracts.health import ProcessHealth
from shared_contracts.metrics import AppMetrics, CacheMetrics, GetMetrics, Load, RendererMetrics
from shared_contracts.sessions import GetSession
from tests import steps


async def test_what_the_renderer_counted_is_asked_for_first(app: Services) -> None:
    told = [RendererMetrics()]

    async def check() -> None:
        told[0] = RendererMetrics(cache=CacheMetrics(hit_rate=0.8), round_trip=Load(calls=4))

    around = Around(check_processes=check, renderer_metrics=lambda: told[0])
    now = await handlers.get(dataclasses.replace(app, around=around), GetMetrics())
    assert (now.cache.hit_rate, now.ipc.round_trip.calls) == (0.8, 4)


async def test_processes_calls_and_failures_are_in_it(app: Services) -> None:
    app.metrics.answered("db:answers:save", 0.01, "DB001")
    children = (ProcessHealth(name="ai_service", state="failed", restarts=2),)
    with_child = dataclasses.replace(app, process_health=lambda: children)
    now = await handlers.get(with_child, GetMetrics())
    assert [process.name for process in now.processes] == ["main", "ai_service"]
    assert now.processes[0].memory_bytes > 0
    assert now.processes[1].restarts == 2
    assert now.ipc.errors == 1
    assert [(error.code, error.place) for error in now.last_errors] == [
        ("DB001", "db:answers:save")
    ]
    assert now.queue.depth == 0


async def test_the_database_is_measured_and_refusals_by_a_rule_are_no_errors(app: Services) -> None:
    before = (await handlers.get(app, GetMetrics())).database
    session = await steps.start(app)
    with pytest.raises(NotFoundError):
        await sessions.get(app, GetSession(session_id=uuid4()))
    after = (await handlers.get(app, GetMetrics())).database
    assert after.queries == before.queries + 2
    assert after.errors == 0
    assert after.average_query_time_ms > 0
    assert after.connection_pool_size >= 2
    await app.database.queue.close()
    with pytest.raises(QueueClosedError):
        await steps.draft(app, session.questions[0])
    assert (await handlers.get(app, GetMetrics())).database.errors == 1


class Watched(Metrics):
    """Tells when it has been given something to remember."""

    def __init__(self) -> None:
        super().__init__()
        self.remembered = asyncio.Event()

    def remember(self, now: AppMetrics) -> None:
        super().remember(now)
        self.remembered.set()


async def test_history_is_given_to_who_asks_for_it(app: Services) -> None:
    watched = Watched()
    app = dataclasses.replace(app, metrics=watched)
    remembering = asyncio.create_task(handlers.remember(app))
    await asyncio.wait_for(watched.remembered.wait(), 20)
    remembering.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await remembering
    assert len((await handlers.get(app, GetMetrics(history=True))).history) == 1
    assert (await handlers.get(app, GetMetrics())).history == ()
