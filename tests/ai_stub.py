"""A server in the place of the AI service, over a real socket, that can die or say anything."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import msgspec

from shared_contracts.evaluation import EvaluationRequest
from tests.factories import make_evaluation

TOKEN = "the token of this run"
DIES: Final = b""
"""The connection is closed without a word, as by kill -9."""


def reply(status: int, body: bytes, content_type: str = "application/json") -> bytes:
    """The bytes of a whole HTTP response."""
    head = f"HTTP/1.1 {status} -\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}"
    return f"{head}\r\nConnection: close\r\n\r\n".encode() + body


def evaluation(content: float = 0.5) -> bytes:
    """The response with an evaluation."""
    return reply(200, msgspec.json.encode(make_evaluation(content)))


class AIStub:
    """Answers from `replies`, the first first; once there are none, with evaluations.

    A reply that is an Event is waited for before the next one is given.
    """

    def __init__(self) -> None:
        self.port = 0
        self.replies: deque[bytes | asyncio.Event] = deque()
        self.heads: list[str] = []
        self.requests: asyncio.Queue[EvaluationRequest] = asyncio.Queue()
        self._talks: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[AIStub]:
        """Serve on loopback until done."""
        stub = cls()
        server = await asyncio.start_server(stub._serve, "127.0.0.1", 0)
        stub.port = server.sockets[0].getsockname()[1]
        try:
            yield stub
        finally:
            server.close()
            for talk in stub._talks:
                talk.cancel()
            await asyncio.gather(*stub._talks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.create_task(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.heads.append(head)
            size = int(head.lower().partition("content-length:")[2].partition("\r\n")[0])
            body = await reader.readexactly(size)
            self.requests.put_nowait(msgspec.json.decode(body, type=EvaluationRequest))
            writer.write(await self._next_reply())
            await writer.drain()
        finally:
            writer.close()

    async def _next_reply(self) -> bytes:
        while self.replies:
            following = self.replies.popleft()
            if isinstance(following, bytes):
                return following
            await following.wait()
        return evaluation()
