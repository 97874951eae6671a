"""A server with a few channels of its own, and a program that talks to it frame by frame."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from main_process.handlers import Route, on
from main_process.ipc.router import Router
from main_process.ipc.server import IPCServer
from main_process.services import Services
from shared_contracts.channels import Channel
from shared_contracts.contract import Contract
from shared_contracts.envelope import Event, Hello, RawResponse
from shared_contracts.framing import FrameKind, FrameReader, frame
from tests.loops import Factories, loops_for

WAIT_SECONDS = 10
Message = RawResponse | Event
_MESSAGE = msgspec.json.Decoder(Message)


class Note(Contract):
    """What the channels of these tests take and give."""

    text: str = ""
    times: int = 1


class Handlers:
    """`echo` answers at once; `wait` and `change` once they are let go."""

    def __init__(self) -> None:
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.ended: asyncio.Queue[str] = asyncio.Queue()
        self.go = asyncio.Event()

    def echo(self, _: Services, note: Note) -> Note:
        return Note(text=note.text * note.times)

    async def wait(self, _: Services, note: Note) -> Note:
        self.begun.put_nowait(note.text)
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.ended.put_nowait(f"{note.text}: cancelled")
            raise
        self.ended.put_nowait(f"{note.text}: done")
        return note

    def routes(self) -> tuple[Route, ...]:
        """The table."""
        many: dict[str, Any] = {"per_second": 1e6, "burst": 100_000, "max_bytes": 12_000_000}
        return (
            on(Channel("app:note:echo", "query", Note, Note, **many), self.echo),
            on(Channel("app:note:wait", "query", Note, Note, **many), self.wait),
            on(
                Channel("app:note:change", "command", Note, Note, ("questions",), **many), self.wait
            ),
        )


class Program:
    """A program at the other end of the socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = FrameReader()

    def send(self, *bodies: bytes, kind: FrameKind = FrameKind.MESSAGE) -> None:
        """Send each as a frame."""
        self._writer.writelines(frame(body, kind) for body in bodies)

    def send_raw(self, data: bytes) -> None:
        """Send what need be no frame."""
        self._writer.write(data)

    def ask(self, request_id: str, channel: str, **note: object) -> None:
        """Send a request, and don't wait."""
        fields = {"id": request_id, "timestamp": 0, "channel": f"app:note:{channel}"}
        self.send(msgspec.json.encode(fields | {"payload": note}))

    def control(self, **fields: object) -> None:
        """Send a message about the connection."""
        self.send(msgspec.json.encode(fields), kind=FrameKind.CONTROL)

    async def receive(self) -> Message | None:
        """The next message; None when the other side hung up."""
        while not (found := self._frames.take()):
            if not await self._read():
                return None
        assert found[0] == FrameKind.MESSAGE
        message: Message = _MESSAGE.decode(found[1])
        return message

    async def response(self) -> RawResponse:
        """The next message, which must be a response."""
        message = await self.receive()
        assert isinstance(message, RawResponse), message
        return message

    async def event(self) -> Event:
        """The next message, which must be an event."""
        message = await self.receive()
        assert isinstance(message, Event), message
        return message

    async def text(self, request_id: str) -> str:
        """The note's text in the next message, which must be the response of this id."""
        response = await self.response()
        assert (response.id, response.error) == (request_id, None)
        return msgspec.json.decode(response.data, type=Note).text

    async def code(self, request_id: str = "") -> str:
        """The code in the next message, which must be the refusal of this id."""
        response = await self.response()
        assert response.error
        assert (response.id, response.success) == (request_id, False)
        return response.error.code

    async def last_word(self, request_id: str = "") -> str:
        """The code after which the other side hangs up."""
        code = await self.code(request_id)
        assert await self.receive() is None
        return code

    async def answers(self) -> None:
        """See that what was sent last was read, and that the connection is as good as ever."""
        self.ask("ping", "echo", text="here")
        assert await self.text("ping") == "here"

    def hang_up(self) -> None:
        """Close."""
        self._writer.close()

    async def _read(self) -> bytes:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                data = await self._reader.read(self._room())
        except ConnectionResetError:
            # Hung up on before it had read all.
            return b""
        free = self._frames.free()
        free[: len(data)] = data
        self._frames.end += len(data)
        return data

    def _room(self) -> int:
        return min(65_536, len(self._frames.free()))


def hello(token: str, *, events: bool = True) -> bytes:
    """The first message."""
    return msgspec.json.encode(Hello(token=token, events=events))


@asynccontextmanager
async def call(server: IPCServer) -> AsyncIterator[Program]:
    """A connection that has not said hello."""
    reader, writer = await asyncio.open_unix_connection(server.path)
    try:
        yield Program(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def greeted(server: IPCServer, *, events: bool = True) -> AsyncIterator[Program]:
    """A connection that was let in."""
    async with call(server) as program:
        program.send(hello(server.token, events=events))
        response = await program.response()
        assert (response.id, response.success) == ("hello", True)
        yield program


@pytest.fixture
def handlers() -> Handlers:
    """What the server's channels do."""
    return Handlers()


@pytest.fixture
def router(app: Services, handlers: Handlers) -> Router:
    """A router with these channels."""
    return Router(app, handlers.routes())


@pytest.fixture
async def server(app: Services, router: Router) -> AsyncIterator[IPCServer]:
    """A server with these channels."""
    async with IPCServer.open(router, app.events) as server:
        yield server


def pytest_asyncio_loop_factories(item: pytest.Item) -> Factories:
    """What these tests run on."""
    return loops_for(item, "test_server.py")
