"""uvicorn as a guest in the main process's loop; imported when the HTTP fallback is served."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

GRACE_SECONDS = 1
_MOST_CONNECTIONS = 100
"""More at once are turned away: whoever they are, the renderer needs fewer."""
_KEEP_ALIVE_SECONDS = 30


class HTTPServer(uvicorn.Server):
    """Ends when told, leaves signals alone, and sleeps while nobody asks."""

    def __init__(self, app: ASGIApp) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                date_header=False,
                http="h11",  # refuses a head that never ends, from whoever may reach the port
                lifespan="off",
                limit_concurrency=_MOST_CONNECTIONS,
                log_config=None,
                loop="none",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                ws="none",
            )
        )
        self.listening = asyncio.Event()
        self._ending = asyncio.Event()

    def end(self) -> None:
        """Let what is under way be answered, and take nothing more."""
        self._ending.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so."""
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        """Instead of looking ten times a second whether to end."""
        await self._ending.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """None: they are the main process's."""
        yield
