"""The app's own way over HTTP: HTTPClient and HTTPFallback, with the same router behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import msgspec
import uvloop

from main_process.events import EventBus
from main_process.handlers import on
from main_process.ipc.http_fallback import Admission, HTTPFallback
from main_process.ipc.http_port import HTTPPort
from main_process.ipc.router import Router
from main_process.metrics import Metrics
from main_process.services import Services
from renderer.http_client import HTTPClient
from shared_contracts import channels
from tests.benchmarks.ipc.clients import AsyncClient
from tests.benchmarks.ipc.messages import MESSAGES, Size, decoders, encode
from tests.benchmarks.ipc.peer_app import CHANNELS, echo

WHAT = "HTTPClient to HTTPFallback: token, Host and Origin checks, limits, router and decoding"
_SECONDS = 60.0
_TOKEN = "this run's"


def serve(_: str, ready: Callable[[str], None]) -> None:
    uvloop.run(_serve(ready))


async def _serve(ready: Callable[[str], None]) -> None:
    # In this process alone: what is not in the table can't be asked over HTTP.
    channels.CHANNELS.update({channel.name: channel for channel in CHANNELS.values()})
    services = cast("Services", SimpleNamespace(events=EventBus(), metrics=Metrics()))
    router = Router(services, [on(channel, echo) for channel in CHANNELS.values()])

    def make(address: str) -> HTTPFallback:
        admission = Admission(_TOKEN, address)
        return HTTPFallback(router.respond, services.events, admission, lambda _: True)

    async with HTTPPort.open(0, make) as http:
        await http.serve()
        ready(str(http.port))
        await asyncio.Event().wait()


class Fallback(AsyncClient):
    """Its client."""

    def __init__(self, client: HTTPClient) -> None:
        self._client = client

    async def ask(self, size: Size) -> None:
        message = MESSAGES[size]
        channel = CHANNELS[message.type]
        payload = msgspec.Raw(encode(message.struct))
        data = await self._client.request(channel.name, payload, _SECONDS)
        decoders[message.type].decode(data)


async def connect(where: str) -> Fallback:
    return Fallback(HTTPClient(int(where), _TOKEN))
