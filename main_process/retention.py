"""Deletes the sound of recordings that are older than the person wants them kept."""

from __future__ import annotations

import asyncio

import structlog

from main_process.services import Services
from shared_contracts.errors import AppError

EVERY_SECONDS = 3_600.0
_log = structlog.get_logger(__name__)


async def run(services: Services, every_seconds: float = EVERY_SECONDS) -> None:
    """Look at the start, and then now and again."""
    while True:
        try:
            await look(services)
        except AppError as error:
            # The database is locked, or a file can't be removed: the next look tries again.
            _log.warning("recordings not removed", code=error.code)
            services.metrics.failed("retention", error.code)
        await asyncio.sleep(every_seconds)


async def look(services: Services) -> None:
    """Delete what is older than the settings say."""
    settings, _ = await services.database.read(services.settings.get)
    if settings.voice.keep_days is not None:
        await services.recorder.forget_outdated(settings.voice.keep_days)
