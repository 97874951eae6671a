"""The app's own client and server where the handler is awaited: in a task, with a time limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import uvloop

from main_process.handlers import on
from main_process.services import Services
from tests.benchmarks.ipc.peer_app import CHANNELS, connect, serve_routes

__all__ = ["connect"]

WHAT = "the same, but the handler is a coroutine: each request has a task and a time limit"


async def echo(_: Services, message: Any) -> Any:  # noqa: ANN401
    return message


def serve(address: str, ready: Callable[[str], None]) -> None:
    uvloop.run(serve_routes([on(channel, echo) for channel in CHANNELS.values()], ready))
