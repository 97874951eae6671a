"""Everything behind the socket: the data, the handlers and the evaluations, without any window."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from main_process import evaluation_jobs, question_bank, retention, search_upkeep, transcription
from main_process.ai_client import AIClient
from main_process.database import DatabaseManager
from main_process.events import EventBus
from main_process.handlers import ROUTES
from main_process.handlers.metrics import remember
from main_process.ipc.http_port import DEFAULTS, HTTPOptions, HTTPPort
from main_process.ipc.lookout import Lookout
from main_process.ipc.router import Router
from main_process.ipc.server import IPCServer
from main_process.metrics import Metrics
from main_process.profile_folder import database_file
from main_process.services import Around, open_services
from shared_contracts.health import ProcessHealth

if TYPE_CHECKING:
    from main_process.ipc.http_fallback import HTTPFallback

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Backend:
    """What others need to reach it."""

    socket_path: Path
    token: str
    events: EventBus
    metrics: Metrics
    http: HTTPPort


@asynccontextmanager
async def open_backend(
    profile: Path,
    ai: AIClient,
    process_health: Callable[[], tuple[ProcessHealth, ...]],
    around: Around | None = None,
    http_options: HTTPOptions = DEFAULTS,
) -> AsyncIterator[Backend]:
    """Open the parts in order and close them in reverse.

    Raises the DB codes of DatabaseManager.open, and PORT001 and PORT002.
    """
    around = replace(around or Around(), ai=ai, speak=ai.speak)
    bank_loading = asyncio.create_task(asyncio.to_thread(question_bank.load))
    async with DatabaseManager.open(database_file(profile)) as database:
        bank = await bank_loading
        for problem in bank.problems:
            _log.warning("question bank", code=problem.code, **problem.details)
        services = await open_services(profile, database, bank, process_health, around)
        router = Router(services, ROUTES)
        async with (
            aclosing(services.backups),
            aclosing(services.recorder),
            IPCServer.open(router, services.events, services.recorder.take) as server,
            _open_http(server, router, services.events, http_options) as http,
        ):
            work = (
                evaluation_jobs.run(services, ai),
                transcription.run(services, ai),
                retention.run(services),
                remember(services),
                search_upkeep.run(services),
                services.backups.run(),
            )
            workers = [asyncio.create_task(each) for each in work]
            try:
                yield Backend(server.path, server.token, services.events, services.metrics, http)
            finally:
                services.backups.stop()
                for worker in workers:
                    worker.cancel()
                    with suppress(asyncio.CancelledError):
                        await worker
                await ai.close()


@asynccontextmanager
async def _open_http(
    server: IPCServer, router: Router, events: EventBus, options: HTTPOptions
) -> AsyncIterator[HTTPPort]:
    """The second way in, and the lookout that opens it when the first one is lost."""

    def make(address: str) -> HTTPFallback:
        from main_process.ipc.http_fallback import Admission, HTTPFallback

        return HTTPFallback(router.respond, events, Admission(server.token, address), is_open)

    def is_open(channel: str) -> bool:
        return options.chosen(channel) or lookout.is_lost()

    async with HTTPPort.open(options.port, make) as http:
        lookout = Lookout(server, http.end_streams)
        looking = asyncio.create_task(lookout.run())
        try:
            yield http
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
