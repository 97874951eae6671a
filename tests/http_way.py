"""The way over HTTP, really served, into a main process that answers as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec

from main_process.events import EventBus, Listener
from main_process.ipc.http_fallback import Admission, HTTPFallback
from main_process.ipc.http_port import HTTPPort
from shared_contracts.envelope import RawRequest, RawResponse
from shared_contracts.errors import AppError

TOKEN = "this run's token"

Answer = Callable[[RawRequest], Awaitable[object]]


async def echo(request: RawRequest) -> object:
    """The payload."""
    return request.payload


class Bus(EventBus):
    """Knows how many listen."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners = 0

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        leave = super().subscribe(listener)
        self.listeners += 1

        def leave_counted() -> None:
            self.listeners -= 1
            leave()

        return leave_counted


class HTTPWay:
    """A served fallback: what it is asked, how it answers, and whether it is open."""

    def __init__(self) -> None:
        self.answer: Answer = echo
        self.asked: asyncio.Queue[RawRequest] = asyncio.Queue()
        self.events = Bus()
        self.is_open = True
        self.knocks: asyncio.Queue[str] = asyncio.Queue()
        self.port: HTTPPort

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int = 0) -> AsyncIterator[HTTPWay]:
        """Serve until done."""
        way = cls()
        async with HTTPPort.open(port, way._make) as way.port:
            await way.port.serve()
            yield way

    def close(self) -> None:
        """As when the socket is back."""
        self.is_open = False
        self.port.end_streams()

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A caller that knows the token, unless `headers` say otherwise."""
        known = {"Authorization": f"Bearer {TOKEN}"} | headers
        return httpx.AsyncClient(
            base_url=f"http://{self.port.address}",
            headers={name: value for name, value in known.items() if value},
            trust_env=False,
        )

    def _make(self, address: str) -> HTTPFallback:
        return HTTPFallback(self._respond, self.events, Admission(TOKEN, address), self._admits)

    def _admits(self, channel: str) -> bool:
        self.knocks.put_nowait(channel)
        return self.is_open

    async def _respond(self, request: RawRequest) -> bytes:
        self.asked.put_nowait(request)
        try:
            data = msgspec.Raw(msgspec.json.encode(await self.answer(request)))
        except AppError as error:
            response = RawResponse(id=request.id, success=False, error=error.to_ipc())
        else:
            response = RawResponse(id=request.id, success=True, data=data)
        return msgspec.json.encode(response)
