"""The floor: blocking Unix sockets and a length before each message, nothing else."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

from tests.benchmarks.ipc.clients import BlockingClient
from tests.benchmarks.ipc.messages import MESSAGES, Size, decoders, echo, encode

WHAT = "blocking Unix sockets, a length and msgspec's JSON; decoded and encoded by a bare loop"
_LENGTH = struct.Struct(">I")
_BUFFER = 4 * 1024 * 1024


class Stream:
    """Whole messages in and out; received into one buffer, which costs least."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._buffer = memoryview(bytearray(_BUFFER))
        self._start = 0
        self._end = 0

    def send(self, body: bytes) -> None:
        self._socket.sendall(_LENGTH.pack(len(body)) + body)

    def receive(self) -> bytes:
        """The next message; empty when there are no more."""
        if not self._has(_LENGTH.size):
            return b""
        (size,) = _LENGTH.unpack_from(self._buffer, self._start)
        if not self._has(_LENGTH.size + size):
            return b""
        begin = self._start + _LENGTH.size
        self._start = begin + size
        return bytes(self._buffer[begin : self._start])

    def _has(self, size: int) -> bool:
        """Whether so many bytes are there, now or after a wait."""
        while self._end - self._start < size:
            if self._start == self._end:
                self._start = self._end = 0
            elif self._start + size > _BUFFER:
                rest = bytes(self._buffer[self._start : self._end])
                self._buffer[: len(rest)] = rest
                self._start, self._end = 0, len(rest)
            count = self._socket.recv_into(self._buffer[self._end :])
            if not count:
                return False
            self._end += count
        return True


def serve(address: str, ready: Callable[[str], None]) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        ready(address)
        stream = Stream(listener.accept()[0])
        while body := stream.receive():
            stream.send(echo(body))


class Sockets(BlockingClient):
    """Its client."""

    def __init__(self, address: str) -> None:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(address)
        self._stream = Stream(connection)

    def send(self, size: Size) -> None:
        self._stream.send(encode(MESSAGES[size].struct))

    def receive(self, size: Size) -> None:
        decoders[MESSAGES[size].type].decode(self._stream.receive())


async def connect(address: str) -> Sockets:
    return Sockets(address)
