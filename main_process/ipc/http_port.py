"""The HTTP fallback's port: bound at the start, so that it is known, and served later."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from shared_contracts.ports import address_of, listen, port_of

if TYPE_CHECKING:
    from main_process.ipc.http_fallback import HTTPFallback
    from main_process.ipc.http_server import HTTPServer

PORT_SETTING = "INTERVIEW_APP_HTTP_PORT"


@dataclass(frozen=True, slots=True)
class HTTPOptions:
    """When HTTP is used: for all when not `use_ipc`, for `channels`, or when the socket is lost.

    `channels` are names of channels, or patterns such as `db:*`.
    """

    port: int = 0
    use_ipc: bool = True
    channels: tuple[str, ...] = ()

    def chosen(self, channel: str) -> bool:
        """Whether the settings have this channel asked over HTTP; "" stands for the events."""
        return not self.use_ipc or any(fnmatchcase(channel, each) for each in self.channels)


DEFAULTS = HTTPOptions()


class HTTPPort:
    """Whoever comes before it is served waits in the system's line."""

    def __init__(self, listener: socket.socket, make: Callable[[str], HTTPFallback]) -> None:
        """`make` is given the host:port, and called in a thread of its own."""
        self.address = address_of(listener)
        self.port = port_of(listener)
        self._listener = listener
        self._make = make
        self._app: HTTPFallback | None = None
        self._server: HTTPServer | None = None
        self._serving: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int, make: Callable[[str], HTTPFallback]) -> AsyncIterator[HTTPPort]:
        """Hold the port. Raises PortTakenError (PORT001) and PortNotAllowedError (PORT002)."""
        with listen(port, PORT_SETTING) as listener:
            it = cls(listener, make)
            try:
                yield it
            finally:
                await it.close()

    async def serve(self) -> None:
        """Load what serves it, while the loop goes on, and begin."""
        self._app, server = await asyncio.to_thread(self._load)
        self._server = server
        self._serving = asyncio.create_task(server.serve([self._listener]), name="http")
        await server.listening.wait()

    def end_streams(self) -> None:
        """Hang up on who listens to events."""
        if self._app:
            self._app.end_streams()

    def _load(self) -> tuple[HTTPFallback, HTTPServer]:
        from main_process.ipc.http_server import HTTPServer

        app = self._make(self.address)
        return app, HTTPServer(app)

    async def close(self) -> None:
        """Let what is under way be answered, and give the port back."""
        if self._server and self._serving:
            self._server.end()
            self.end_streams()
            await self._serving
