"""After the start: rids the search indexes of words whose texts were deleted, a bit at a time."""

from __future__ import annotations

from functools import partial

import structlog

from main_process.repositories import forgetting
from main_process.services import Services
from shared_contracts.errors import AppError

_log = structlog.get_logger(__name__)


async def run(services: Services) -> None:
    """Work until nothing is left to do. What is cut off is done at the next start."""
    try:
        for words, count in (await services.database.read(forgetting.due)).items():
            await _forget(services, words, count)
    except AppError as error:
        _log.error("interrupted", code=error.code)


async def _forget(services: Services, words: str, count: int) -> None:
    steps, more = 0, True
    while more:
        step = partial(forgetting.merge, words=words, first=steps == 0)
        more = await services.database.write(step)
        steps += 1
    await services.database.write(partial(forgetting.done, words=words, count=count))
    _log.info("words forgotten", index=words, texts=count, steps=steps)
