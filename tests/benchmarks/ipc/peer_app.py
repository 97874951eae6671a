"""The app's own client and server, with router, validation and limits, as the app uses them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import uvloop

from main_process.events import EventBus
from main_process.handlers import Route, on
from main_process.ipc.router import Router
from main_process.ipc.server import IPCServer
from main_process.metrics import Metrics
from main_process.services import Services
from renderer.ipc_client import IPCClient
from shared_contracts.channels import Channel
from shared_contracts.child_process import Connect
from tests.benchmarks.ipc.clients import AsyncClient
from tests.benchmarks.ipc.messages import MESSAGES, Note, Page, Size, decoders, encode

WHAT = (
    "IPCClient and IPCServer: router, strict decoding, limits, counting; the handler is a function"
)
_SECONDS = 60.0
_LIMITS: dict[str, Any] = {"per_second": 1e6, "burst": 1_000_000, "max_bytes": 4_000_000}
CHANNELS: dict[type, Channel[Any, Any]] = {
    Note: Channel("app:bench:note", "query", Note, Note, **_LIMITS),
    Page: Channel("app:bench:page", "query", Page, Page, **_LIMITS),
}


def echo(_: Services, message: Any) -> Any:  # noqa: ANN401  one for both channels
    return message


def serve(address: str, ready: Callable[[str], None]) -> None:
    uvloop.run(serve_routes([on(channel, echo) for channel in CHANNELS.values()], ready))


async def serve_routes(routes: list[Route], ready: Callable[[str], None]) -> None:
    """Serve for ever; what is told is where, and the token."""
    # Nothing but these two of the services is used where no handler asks for more.
    services = cast("Services", SimpleNamespace(events=EventBus(), metrics=Metrics()))
    async with IPCServer.open(Router(services, routes), services.events) as server:
        ready(encode(Connect(socket=str(server.path), token=server.token)).decode())
        await asyncio.Event().wait()


class App(AsyncClient):
    """Its client."""

    def __init__(self, client: IPCClient) -> None:
        self._request = client.request
        self._parts = {
            size: (CHANNELS[each.type].name, each.struct, decoders[each.type].decode)
            for size, each in MESSAGES.items()
        }

    async def ask(self, size: Size) -> None:
        channel, struct, decode = self._parts[size]
        decode(await self._request(channel, msgspec.Raw(encode(struct)), _SECONDS))


async def connect(where: str) -> App:
    client = IPCClient(lambda _: None)
    client.connect(msgspec.json.decode(where, type=Connect))
    return App(client)
