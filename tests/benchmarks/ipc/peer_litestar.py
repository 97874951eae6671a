"""HTTP on loopback: httpx to a bare Litestar echo on uvicorn."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import uvicorn
from litestar import Litestar, post

from tests.benchmarks.ipc.clients import AsyncClient
from tests.benchmarks.ipc.messages import MESSAGES, Note, Page, Size, decoders, encode

WHAT = (
    "httpx.AsyncClient, kept alive, to Litestar on uvicorn (uvloop, httptools), no token or limit"
)
_SECONDS = 60.0
_PATHS = {Note: "/note", Page: "/page"}


@post("/note", status_code=200)
async def note(data: Note) -> Note:
    return data


@post("/page", status_code=200)
async def page(data: Page) -> Page:
    return data


def serve(_: str, ready: Callable[[str], None]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        app = Litestar([note, page], openapi_config=None, logging_config=None)
        config = uvicorn.Config(app, log_config=None, access_log=False, loop="uvloop")
        ready(f"http://127.0.0.1:{listener.getsockname()[1]}")
        uvicorn.Server(config).run([listener])


class HTTP(AsyncClient):
    """Its client."""

    def __init__(self, address: str) -> None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._client = httpx.AsyncClient(base_url=address, limits=limits, timeout=_SECONDS)

    async def ask(self, size: Size) -> None:
        message = MESSAGES[size]
        response = await self._client.post(
            _PATHS[message.type],
            content=encode(message.struct),
            headers={"Content-Type": "application/json"},
        )
        decoders[message.type].decode(response.raise_for_status().content)


async def connect(address: str) -> HTTP:
    return HTTP(address)
