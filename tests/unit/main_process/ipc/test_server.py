"""Only who was given the token gets in, and everybody who asked is answered."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from main_process.events import EventBus
from main_process.ipc.server import IPCServer
from shared_contracts.envelope import MAX_FRAME_BYTES, Event, Hello, RawResponse
from shared_contracts.framing import FrameReader, frame

WAIT_SECONDS = 10


class Caller:
    """A program at the other end of the socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._frames = FrameReader()
        self._messages: list[bytes] = []

    def send(self, *bodies: bytes) -> None:
        self._writer.writelines(map(frame, bodies))

    def send_raw(self, data: bytes) -> None:
        self._writer.write(data)

    async def receive(self) -> bytes | None:
        """The next message; None when the other side hung up."""
        while not self._messages:
            data = await self._read()
            if not data:
                return None
            self._messages += self._frames.feed(data)
        return self._messages.pop(0)

    async def _read(self) -> bytes:
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await self._reader.read(65_536)
        except ConnectionResetError:
            # Hung up on before it had read all.
            return b""

    async def refusal(self) -> str:
        """The code of the error after which the other side hangs up."""
        message = await self.receive()
        assert message
        response = msgspec.json.decode(message, type=RawResponse)
        assert response.error
        assert (response.id, response.success) == ("hello", False)
        assert await self.receive() is None
        return response.error.code

    def hang_up(self) -> None:
        self._writer.close()


class Echo:
    """Answers `wait` once it is let go, and all else at once."""

    def __init__(self) -> None:
        self.asked: asyncio.Queue[bytes] = asyncio.Queue()
        self.go = asyncio.Event()

    async def answer(self, body: bytes) -> bytes:
        self.asked.put_nowait(body)
        if body == b"wait":
            await self.go.wait()
        return b"re: " + body


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def events() -> EventBus:
    return EventBus()


@pytest.fixture
async def server(echo: Echo, events: EventBus) -> AsyncIterator[IPCServer]:
    async with IPCServer.open(echo.answer, events) as server:
        yield server


@asynccontextmanager
async def call(server: IPCServer) -> AsyncIterator[Caller]:
    reader, writer = await asyncio.open_unix_connection(server.path)
    try:
        yield Caller(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def greeted(server: IPCServer, *, events: bool = True) -> AsyncIterator[Caller]:
    async with call(server) as caller:
        caller.send(hello(server.token, events=events))
        message = await caller.receive()
        assert message == b'{"type":"response","id":"hello","success":true,"data":{}}'
        yield caller


def hello(token: str, *, events: bool = True) -> bytes:
    return msgspec.json.encode(Hello(token=token, events=events))


def is_there(path: Path) -> bool:
    return path.exists()


def modes(path: Path) -> tuple[int, int]:
    return path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777


async def test_only_the_owner_can_reach_the_socket_and_it_goes_with_the_server(
    echo: Echo, events: EventBus
) -> None:
    async with IPCServer.open(echo.answer, events) as server:
        assert modes(server.path) == (0o600, 0o700)
    assert not is_there(server.path.parent)


async def test_every_run_has_a_token_of_its_own(echo: Echo, events: EventBus) -> None:
    async with (
        IPCServer.open(echo.answer, events) as one,
        IPCServer.open(echo.answer, events) as other,
    ):
        assert one.token != other.token
        assert min(len(one.token), len(other.token)) >= 32


async def test_a_socket_folder_of_the_platform_is_used_if_there_is_one(
    echo: Echo, events: EventBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    async with IPCServer.open(echo.answer, events) as server:
        assert server.path.parent.parent == tmp_path
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    async with IPCServer.open(echo.answer, events) as server:
        assert tmp_path not in server.path.parents


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (hello("wrong"), "IPC005"),
        (hello(""), "IPC005"),
        (hello("ü"), "IPC005"),
        (b"", "VAL001"),
        (b"wait", "VAL001"),
        (b"\xff", "VAL001"),
        (b'{"token": "\xff"}', "VAL001"),
        (b"[" * 100_000, "VAL001"),
        (b'{"token": 5}', "VAL001"),
        (b'{"token": "x", "more": 1}', "VAL001"),
        (b'{"id": "1", "timestamp": 0, "channel": "app:health:get", "payload": {}}', "VAL001"),
    ],
)
async def test_without_the_token_nobody_gets_in(
    server: IPCServer, echo: Echo, first: bytes, code: str
) -> None:
    async with call(server) as caller:
        caller.send(first, hello(server.token), b"wait")
        assert await caller.refusal() == code
    assert echo.asked.empty()


async def test_another_user_is_refused_whatever_token_they_have(
    server: IPCServer, echo: Echo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    async with call(server) as caller:
        caller.send(hello(server.token), b"wait")
        assert await caller.refusal() == "IPC005"
    assert echo.asked.empty()


async def test_many_are_under_way_at_once_and_answered_as_they_are_done(
    server: IPCServer, echo: Echo
) -> None:
    async with greeted(server) as caller:
        caller.send(b"wait", b"quick")
        assert await caller.receive() == b"re: quick"
        echo.go.set()
        assert await caller.receive() == b"re: wait"


async def test_messages_arrive_whole_in_whatever_pieces(server: IPCServer) -> None:
    async with greeted(server) as caller:
        for byte in frame(b"slow") + frame(b"talker"):
            caller.send_raw(bytes([byte]))
        assert {await caller.receive(), await caller.receive()} == {b"re: slow", b"re: talker"}


async def test_a_message_that_is_too_long_ends_the_connection_and_no_other(
    server: IPCServer,
) -> None:
    async with greeted(server) as caller, greeted(server) as other:
        caller.send_raw((MAX_FRAME_BYTES + 1).to_bytes(4, "big"))
        assert await caller.refusal() == "IPC004"
        other.send(b"still here")
        assert await other.receive() == b"re: still here"


async def test_who_wants_events_hears_them_and_nobody_else(
    server: IPCServer, events: EventBus
) -> None:
    async with greeted(server) as caller, greeted(server, events=False) as deaf, call(server):
        events.publish(Event(topic="health", ids=("1",)))
        assert await caller.receive() == b'{"type":"event","topic":"health","ids":["1"]}'
        deaf.send(b"anything?")
        assert await deaf.receive() == b"re: anything?"


async def test_who_hangs_up_is_forgotten_and_what_they_asked_is_finished(
    server: IPCServer, echo: Echo, events: EventBus
) -> None:
    async with greeted(server) as caller:
        caller.send(b"wait")
        await asyncio.wait_for(echo.asked.get(), WAIT_SECONDS)
        caller.hang_up()
    async with greeted(server) as other:
        other.send(b"ping")
        assert await other.receive() == b"re: ping"
        assert len(server.connections) == 1
        echo.go.set()
        events.publish(Event(topic="health"))
        assert await other.receive() == b'{"type":"event","topic":"health","ids":[]}'


async def test_closing_answers_what_is_under_way_and_then_hangs_up(
    echo: Echo, events: EventBus
) -> None:
    async with IPCServer.open(echo.answer, events) as server, greeted(server) as caller:
        caller.send(b"wait")
        await asyncio.wait_for(echo.asked.get(), WAIT_SECONDS)
        asyncio.get_running_loop().call_soon(echo.go.set)
        await server.close_connections()
        assert await caller.receive() == b"re: wait"
        assert await caller.receive() is None


async def test_a_lost_listener_is_noticed_and_comes_back_with_connections_kept(
    server: IPCServer,
) -> None:
    async with greeted(server) as caller:
        assert server.is_reachable()
        shutil.rmtree(server.path.parent)
        assert not server.is_reachable()
        await server.listen()
        assert server.is_reachable()
        assert modes(server.path) == (0o600, 0o700)
        async with greeted(server) as other:
            other.send(b"new")
            assert await other.receive() == b"re: new"
        caller.send(b"old")
        assert await caller.receive() == b"re: old"


async def test_a_file_or_a_listener_that_is_not_its_own_is_no_way_in(server: IPCServer) -> None:
    server.path.unlink()
    server.path.touch()
    assert not server.is_reachable()
    await server.listen()
    server.close_listener()
    assert not server.is_reachable()
    await server.listen()
    assert server.is_reachable()


async def test_a_folder_that_others_may_enter_is_not_listened_in(server: IPCServer) -> None:
    shutil.rmtree(server.path.parent)
    server.path.parent.mkdir(mode=0o755)
    with pytest.raises(PermissionError):
        await server.listen()
    assert not server.is_reachable()
