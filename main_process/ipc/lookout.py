"""Sees when the socket is lost to those who know its path, and brings it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from shared_contracts.transport import Listener

LOOK_SECONDS = 5.0
"""How long a loss may go unseen while nobody is turned away by it."""
RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class Lookout:
    """Looks every few seconds, and whenever somebody asks."""

    def __init__(self, listener: Listener, on_back: Callable[[], None]) -> None:
        self._listener = listener
        self._on_back = on_back
        self._seen_lost = asyncio.Event()

    def is_lost(self) -> bool:
        """Whether nobody new gets in by the socket now; to bring it back begins with that."""
        lost = not self._listener.is_reachable()
        if lost:
            self._seen_lost.set()
        return lost

    async def run(self) -> None:
        """Keep looking until cancelled. What can't be brought back is tried again and again."""
        while True:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._seen_lost.wait()
            except TimeoutError:
                if not self.is_lost():
                    continue
            _log.error("socket lost", path=str(self._listener.path))
            await self._bring_back()
            self._seen_lost.clear()
            _log.warning("socket is back", path=str(self._listener.path))
            self._on_back()

    async def _bring_back(self) -> None:
        reason = ""
        while True:
            try:
                await self._listener.listen()
            except OSError as error:
                if error.strerror != reason:
                    reason = str(error.strerror)
                    _log.error("socket can't be made again", reason=reason)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return
