"""grpcio over a Unix socket, with asyncio on both sides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import grpc.aio

from tests.benchmarks.ipc.clients import AsyncClient
from tests.benchmarks.ipc.messages import MESSAGES, Size, decoders, echo, encode
from tests.benchmarks.ipc.peer_grpc import OPTIONS

WHAT = "grpc.aio on both sides over unix:, msgspec's JSON as bytes"


def serve(address: str, ready: Callable[[str], None]) -> None:
    asyncio.run(_serve(address, ready))


async def _serve(address: str, ready: Callable[[str], None]) -> None:
    async def answer(body: bytes, _: object) -> bytes:
        return echo(body)

    server = grpc.aio.server(options=OPTIONS)
    handler = grpc.unary_unary_rpc_method_handler(answer)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("bench", {"Echo": handler}),)
    )
    server.add_insecure_port(f"unix:{address}")
    await server.start()
    ready(address)
    await server.wait_for_termination()


class GRPCAio(AsyncClient):
    """Its client."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(f"unix:{address}", options=OPTIONS)
        self._echo: Any = self._channel.unary_unary("/bench/Echo")

    async def ask(self, size: Size) -> None:
        message = MESSAGES[size]
        decoders[message.type].decode(await self._echo(encode(message.struct)))


async def connect(address: str) -> GRPCAio:
    return GRPCAio(address)
