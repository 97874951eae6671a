"""Sees when the socket is lost to those who know its path, and brings it back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from main_process.ipc.server import IPCServer

LOOK_SECONDS = 5.0
"""How long a loss may go unseen while nobody is turned away by it."""
RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class Lookout:
    """Looks every few seconds, and whenever somebody asks."""

    def __init__(self, server: IPCServer, on_back: Callable[[], None]) -> None:
        self._server = server
        self._on_back = on_back
        self._seen_lost = asyncio.Event()

    def is_lost(self) -> bool:
        """Whether nobody new gets in by the socket now; to bring it back begins with that."""
        lost = not self._server.is_reachable()
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
            _log.error("socket lost", path=str(self._server.path))
            await self._bring_back()
            self._seen_lost.clear()
            _log.warning("socket is back", path=str(self._server.path))
            self._on_back()

    async def _bring_back(self) -> None:
        while True:
            try:
                await self._server.listen()
            except OSError as error:
                _log.error("socket can't be made again", reason=error.strerror)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return
