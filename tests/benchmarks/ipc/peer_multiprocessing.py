"""multiprocessing.connection with its pickle."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import connection as ways
from typing import Any

import msgspec

from tests.benchmarks.ipc.clients import BlockingClient
from tests.benchmarks.ipc.messages import MESSAGES, Message, Note, Size

WHAT = "multiprocessing.connection on a Unix socket; dicts of the same values, UUIDs among them"


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
        self._objects = {size: self.objects(message) for size, message in MESSAGES.items()}

    @staticmethod
    def objects(message: Message) -> Any:  # noqa: ANN401  what pickle takes
        """The message's values in dicts, which pickle does faster than objects of any class."""
        struct = message.struct
        if isinstance(struct, Note):
            return msgspec.structs.asdict(struct)
        rows = [msgspec.structs.asdict(row) for row in struct.items]
        return {"items": rows, "total": struct.total, "next": struct.next}

    def send(self, size: Size) -> None:
        self._connection.send(self._objects[size])

    def receive(self, size: Size) -> None:
        self._connection.recv()


async def connect(address: str) -> Pickled:
    return Pickled(ways.Client(address, "AF_UNIX"))
