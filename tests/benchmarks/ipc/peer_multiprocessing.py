"""multiprocessing.connection with its pickle."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import connection as ways
from typing import Any

from tests.benchmarks.ipc.clients import BlockingClient
from tests.benchmarks.ipc.messages import MESSAGES, Size

WHAT = "multiprocessing.connection on a Unix socket: dicts and lists, which pickle does fastest"


def serve(address: str, ready: Callable[[str], None]) -> None:
    with ways.Listener(address, "AF_UNIX") as listener:
        ready(address)
        with listener.accept() as connection:
            while True:
                connection.send(connection.recv())


class Pickled(BlockingClient):
    """Its client."""

    def __init__(self, connection: ways.Connection[Any, Any]) -> None:
        self._connection = connection

    def send(self, size: Size) -> None:
        self._connection.send(MESSAGES[size].plain)

    def receive(self, size: Size) -> None:
        self._connection.recv()


async def connect(address: str) -> Pickled:
    return Pickled(ways.Client(address, "AF_UNIX"))
