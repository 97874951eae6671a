"""A typed client of the main process's socket."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import msgspec

from shared_contracts.channels import SESSION_GET, Channel
from shared_contracts.envelope import Event, Hello, RawResponse
from shared_contracts.errors import from_ipc
from shared_contracts.framing import FrameReader, frame
from shared_contracts.sessions import GetSession, InterviewSession

Request = TypeVar("Request")
Reply = TypeVar("Reply")
WAIT_SECONDS = 20
_MESSAGE = msgspec.json.Decoder(Event | RawResponse)


class Client:
    """One connection; many calls may be under way."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[RawResponse]] = {}
        self._told = asyncio.Event()
        self.events: list[Event] = []
        self.unasked: asyncio.Queue[RawResponse] = asyncio.Queue()
        self.hung_up = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def connect(cls, path: Path, token: str) -> AsyncIterator[Client]:
        """Say hello and read until done."""
        reader, writer = await asyncio.open_unix_connection(path)
        client = cls(reader, writer)
        reading = asyncio.create_task(client._read())
        try:
            client._waiting["hello"] = asyncio.get_running_loop().create_future()
            client.send(msgspec.json.encode(Hello(token=token)))
            hello = await asyncio.wait_for(client._waiting["hello"], WAIT_SECONDS)
            if hello.error:
                raise from_ipc(hello.error)
            yield client
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading
            writer.close()

    async def call(self, channel: Channel[Request, Reply], request: Request) -> Reply:
        """The reply. Raises the AppError that comes in its place."""
        response = await self.ask(channel.name, msgspec.json.encode(request))
        if response.error:
            raise from_ipc(response.error)
        return msgspec.json.decode(response.data, type=channel.reply)

    async def ask(self, channel: str, payload: bytes) -> RawResponse:
        """The response to any payload, even one that is no JSON."""
        number = str(next(self._numbers))
        name = msgspec.json.encode(channel).decode()
        head = f'{{"id": "{number}", "timestamp": {time.time() * 1000}, "channel": {name}'
        return await self.ask_raw(number, f'{head}, "payload": '.encode() + payload + b"}")

    async def ask_raw(self, number: str, body: bytes) -> RawResponse:
        """The response of this id to a whole message."""
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self.send(body)
        try:
            return await asyncio.wait_for(self._waiting[number], WAIT_SECONDS)
        finally:
            del self._waiting[number]

    def send(self, body: bytes) -> None:
        """Send a frame of anything."""
        self.send_raw(frame(body))

    def send_raw(self, data: bytes) -> None:
        """Send bytes that need be no frame."""
        self._writer.write(data)

    async def until(
        self, session_id: UUID, holds: Callable[[InterviewSession], bool]
    ) -> InterviewSession:
        """The session, once it is so."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                self._told.clear()
                session = await self.call(SESSION_GET, GetSession(session_id=session_id))
                if holds(session):
                    return session
                await self._told.wait()

    async def until_told(self, topic: str) -> Event:
        """The first event of this topic, which may have come already."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                self._told.clear()
                for event in self.events:
                    if event.topic == topic:
                        return event
                await self._told.wait()

    async def _read(self) -> None:
        frames = FrameReader()
        with suppress(ConnectionError):
            while data := await self._reader.read(65_536):
                for body in frames.feed(data):
                    self._take(_MESSAGE.decode(body))
        self.hung_up.set()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(ConnectionResetError())

    def _take(self, message: Event | RawResponse) -> None:
        if isinstance(message, Event):
            self.events.append(message)
            self._told.set()
            return
        waiting = self._waiting.get(message.id)
        if waiting and not waiting.done():
            waiting.set_result(message)
        else:
            self.unasked.put_nowait(message)
