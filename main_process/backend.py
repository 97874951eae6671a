"""Everything behind the socket: the data, the handlers and the evaluations, without any window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from main_process import evaluation_jobs, question_bank
from main_process.ai_client import AIClient
from main_process.database import DatabaseManager
from main_process.events import EventBus
from main_process.handlers import ROUTES
from main_process.handlers.metrics import remember
from main_process.ipc.router import Router
from main_process.ipc.server import IPCServer
from main_process.metrics import Metrics
from main_process.services import Around, open_services
from shared_contracts.health import ProcessHealth

_log = structlog.get_logger(__name__)
DATABASE_NAME = "interview.db"


@dataclass(frozen=True, slots=True)
class Backend:
    """What others need to reach it."""

    socket_path: Path
    token: str
    events: EventBus
    metrics: Metrics


@asynccontextmanager
async def open_backend(
    profile: Path,
    ai: AIClient,
    process_health: Callable[[], tuple[ProcessHealth, ...]],
    around: Around | None = None,
) -> AsyncIterator[Backend]:
    """Open the parts in order and close them in reverse.

    Raises the DB codes of DatabaseManager.open.
    """
    bank_loading = asyncio.create_task(asyncio.to_thread(question_bank.load))
    async with DatabaseManager.open(profile / DATABASE_NAME) as database:
        bank = await bank_loading
        for problem in bank.problems:
            _log.warning("question bank", code=problem.code, **problem.details)
        services = await open_services(profile, database, bank, process_health, around)
        router = Router(services, ROUTES)
        async with IPCServer.open(router, services.events) as server:
            work = (evaluation_jobs.run(services, ai), remember(services))
            workers = [asyncio.create_task(each) for each in work]
            try:
                yield Backend(server.path, server.token, services.events, services.metrics)
            finally:
                for worker in workers:
                    worker.cancel()
                    with suppress(asyncio.CancelledError):
                        await worker
                await ai.close()
