"""RPyC over a Unix socket."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

import rpyc
from rpyc.utils.server import OneShotServer

from tests.benchmarks.ipc.clients import BlockingClient
from tests.benchmarks.ipc.messages import MESSAGES, Size, decoders, echo, encode

WHAT = "RPyC over a Unix socket, msgspec's JSON as bytes, which it passes by value"
_SECONDS = 60


class Echo(rpyc.Service):  # type: ignore[misc]  # ships no types
    """What may be called."""

    def exposed_echo(self, body: bytes) -> bytes:
        return echo(body)


def serve(address: str, ready: Callable[[str], None]) -> None:
    server = OneShotServer(Echo, socket_path=address)
    server.listener.listen()
    ready(address)
    server.start()


class RPyC(BlockingClient):
    """Its client."""

    def __init__(self, address: str) -> None:
        config = {"sync_request_timeout": _SECONDS}
        connection = rpyc.utils.factory.unix_connect(address, config=config)
        self._connection = connection
        self._echo = connection.root.echo
        self._begin = rpyc.async_(self._echo)
        self._under_way: SimpleQueue[Any] = SimpleQueue()

    def exchange(self, size: Size) -> None:
        message = MESSAGES[size]
        decoders[message.type].decode(self._echo(encode(message.struct)))

    def send(self, size: Size) -> None:
        self._under_way.put(self._begin(encode(MESSAGES[size].struct)))

    def receive(self, size: Size) -> None:
        decoders[MESSAGES[size].type].decode(self._under_way.get().value)


async def connect(address: str) -> RPyC:
    return RPyC(address)
