"""The server is a guest in the loop: it takes no signals, sleeps, and keeps strangers in bounds."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator

import pytest
from starlette.types import Receive, Scope, Send

from main_process.ipc.http_server import HTTPServer

WAIT_SECONDS = 20
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def answer(_: Scope, __: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Served:
    """A server with a port of its own."""

    def __init__(self, listener: socket.socket) -> None:
        self.port = int(listener.getsockname()[1])
        self.server = HTTPServer(answer)
        self.serving = asyncio.create_task(self.server.serve([listener]))

    async def ask(self, data: bytes) -> bytes:
        """What comes back until it hangs up, or its first piece."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(data)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await reader.read(65_536)
        finally:
            writer.close()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = Served(listener)
        await served.server.listening.wait()
        yield served
        served.server.end()
        await served.serving


async def test_it_answers_and_names_neither_itself_nor_the_time(served: Served) -> None:
    assert await served.ask(REQUEST) == b"HTTP/1.1 204 No Content\r\n\r\n"


async def test_signals_stay_whose_they_were(served: Served) -> None:
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


async def test_nothing_ticks_while_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    planned: list[float] = []
    call_at = loop.call_at

    def watch(when: float, *arguments: object, **named: object) -> asyncio.TimerHandle:
        planned.append(when)
        return call_at(when, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "call_at", watch)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = Served(listener)
        await served.server.listening.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        assert planned == []
        monkeypatch.undo()
        served.server.end()
        await served.serving


async def test_a_head_that_never_ends_is_cut_off(served: Served) -> None:
    endless = b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Filler: " + b"x" * 200_000
    assert (await served.ask(endless)).startswith(b"HTTP/1.1 400 ")
    assert (await served.ask(REQUEST)).startswith(b"HTTP/1.1 204 ")


async def test_too_many_at_once_are_turned_away(served: Served) -> None:
    crowd = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(101)]
    assert (await served.ask(REQUEST)).startswith(b"HTTP/1.1 503 ")
    for _, writer in crowd:
        writer.close()
        await writer.wait_closed()
    async with asyncio.timeout(WAIT_SECONDS):
        while not (await served.ask(REQUEST)).startswith(b"HTTP/1.1 204 "):
            pass
