"""pyzmq's asyncio sockets, DEALER to ROUTER, on a Unix socket."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import uvloop
import zmq
import zmq.asyncio

from tests.benchmarks.ipc.clients import AsyncClient
from tests.benchmarks.ipc.messages import MESSAGES, Size, decoders, echo, encode

WHAT = "pyzmq's asyncio, DEALER to ROUTER over ipc://, uvloop, msgspec's JSON; a bare echo"


def serve(address: str, ready: Callable[[str], None]) -> None:
    uvloop.run(_serve(address, ready))


async def _serve(address: str, ready: Callable[[str], None]) -> None:
    router = zmq.asyncio.Context().socket(zmq.ROUTER)
    router.bind(f"ipc://{address}")
    ready(address)
    while True:
        who, number, body = await router.recv_multipart()
        await router.send_multipart((who, number, echo(body)))


class ZMQ(AsyncClient):
    """Its client; a number with each message finds who waits."""

    def __init__(self, address: str) -> None:
        self._socket = zmq.asyncio.Context().socket(zmq.DEALER)
        self._socket.connect(f"ipc://{address}")
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        self._numbers = itertools.count()
        self._receiving = asyncio.create_task(self._receive())

    async def ask(self, size: Size) -> None:
        message = MESSAGES[size]
        number = b"%d" % next(self._numbers)
        reply = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_multipart((number, encode(message.struct)))
        decoders[message.type].decode(await reply)

    async def _receive(self) -> None:
        while True:
            number, body = await self._socket.recv_multipart()
            self._waiting.pop(number).set_result(body)


async def connect(address: str) -> ZMQ:
    return ZMQ(address)
