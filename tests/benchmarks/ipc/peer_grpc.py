"""grpcio over a Unix socket, its blocking client and its server of threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

import grpc

from tests.benchmarks.ipc.clients import BlockingClient
from tests.benchmarks.ipc.messages import MESSAGES, Size, decoders, echo, encode

WHAT = "grpcio's blocking client and its server of 4 threads over unix:, msgspec's JSON as bytes"
OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def serve(address: str, ready: Callable[[str], None]) -> None:
    server = grpc.server(ThreadPoolExecutor(4), options=OPTIONS)
    handler = grpc.unary_unary_rpc_method_handler(lambda body, _: echo(body))
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("bench", {"Echo": handler})]
    )
    server.add_insecure_port(f"unix:{address}")
    server.start()
    ready(address)
    server.wait_for_termination()


class GRPC(BlockingClient):
    """Its client."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.insecure_channel(f"unix:{address}", options=OPTIONS)
        self._echo = self._channel.unary_unary("/bench/Echo")
        self._under_way: SimpleQueue[Any] = SimpleQueue()

    def exchange(self, size: Size) -> None:
        message = MESSAGES[size]
        decoders[message.type].decode(self._echo(encode(message.struct)))

    def send(self, size: Size) -> None:
        self._under_way.put(self._echo.future(encode(MESSAGES[size].struct)))

    def receive(self, size: Size) -> None:
        decoders[MESSAGES[size].type].decode(self._under_way.get().result())


async def connect(address: str) -> GRPC:
    return GRPC(address)
