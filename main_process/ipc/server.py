"""The main process's side of the connection: who may connect, and what they may keep waiting."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from main_process.events import EventBus
from main_process.ipc.router import Caller
from shared_contracts.channels import TOPICS
from shared_contracts.decoding import UNREADABLE, decode
from shared_contracts.envelope import Control, Encoded, Event, Hello, IPCResponse, Subscribe
from shared_contracts.errors import (
    AppError,
    BusyError,
    NotAuthorisedError,
    SlowReaderError,
    UnknownFrameError,
    ValidationFailedError,
)
from shared_contracts.framing import MESSAGE, FrameKind
from shared_contracts.recordings import Piece, read_piece
from shared_contracts.transport import Link, Listener, Peer, peer_of, private_folder

HELLO_SECONDS = 5.0
"""Who has not said hello by then is refused."""
STUCK_SECONDS = 30.0
"""Who reads nothing for so long, while something waits to be read, is cut off."""
MAX_CONNECTIONS = 64
MAX_IN_FLIGHT = 256
"""A connection that has this much under way is read from no further until some of it is done."""
MAX_UNSENT_BYTES = 64 * 1024 * 1024
"""A connection that so much waits for is cut off."""

_log = structlog.get_logger(__name__)
_HELLO = msgspec.json.Decoder(Hello)
_CONTROL = msgspec.json.Decoder(Control)
_encode = msgspec.json.Encoder().encode


class Answering(Protocol):
    """What answers messages: the router."""

    def begin(self, message: memoryview, caller: Caller) -> None:
        """Answer `message` through the caller, now or later."""


TakeSound = Callable[[Piece], None]
"""What takes recorded sound: the recorder."""


class IPCServer(Listener):
    """Listens, with a token for each run, and keeps the connections."""

    def __init__(
        self, router: Answering, events: EventBus, take_sound: TakeSound, path: Path
    ) -> None:
        super().__init__(path, lambda: Connection(self))
        self.router = router
        self.take_sound = take_sound
        self.events = events
        self.token = secrets.token_urlsafe(32)
        self.connections: set[Connection] = set()
        self.stuck_seconds = STUCK_SECONDS

    @classmethod
    @asynccontextmanager
    async def open(
        cls, router: Answering, events: EventBus, take_sound: TakeSound = lambda _: None
    ) -> AsyncIterator[IPCServer]:
        """Listen until done; then let the requests under way be answered."""
        with private_folder() as folder:
            server = cls(router, events, take_sound, folder / "ipc.sock")
            await server.listen()
            try:
                yield server
            finally:
                server.close_listener()
                await server.close_connections()

    async def close_connections(self) -> None:
        """Finish what is under way, then hang up."""
        await asyncio.gather(*(connection.finish() for connection in tuple(self.connections)))


class Connection(Link):
    """One client: a hello with the token first, then requests, answered in any order."""

    def __init__(self, server: IPCServer) -> None:
        super().__init__()
        self._server = server
        self._begin = server.router.begin
        self._peer = Peer(0, 0)
        self._caller: Caller | None = None
        self._impatience: asyncio.TimerHandle | None = None
        self._topics: frozenset[str] = frozenset()
        self._missed: dict[str, Event] = {}
        self._unsubscribe = server.events.subscribe(self._tell)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._server.connections.add(self)
        self._peer = peer_of(transport)
        if self._peer.user != os.geteuid():
            self._refuse(NotAuthorisedError())
        elif len(self._server.connections) > MAX_CONNECTIONS:
            self._refuse(BusyError(details={"limit": MAX_CONNECTIONS}))
        else:
            self._wait_at_most(HELLO_SECONDS, NotAuthorisedError("No hello came in time."))

    def take(self, kind: int, body: memoryview) -> None:
        caller = self._caller
        if caller is None:
            self._greet(kind, body)
        elif kind == MESSAGE:
            self._begin(body, caller)
            if len(caller.calls) >= MAX_IN_FLIGHT:
                self.hold()
        elif kind == FrameKind.CONTROL:
            self._control(body)
        elif kind == FrameKind.BINARY:
            self._take_sound(body)
        else:
            self._answer("", UnknownFrameError(details={"kind": kind}))

    def unreadable(self, error: AppError) -> None:
        self._refuse(error)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._wait_at_most(self._server.stuck_seconds, SlowReaderError())

    def resume_writing(self) -> None:
        self._wait_no_more()
        self.is_full = False
        for event in self._missed.values():
            self.send(_encode(event))
        self._missed.clear()
        super().resume_writing()
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._server.connections.discard(self)
        self._unsubscribe()
        self._wait_no_more()
        if self._caller:
            self._caller.leave()

    async def finish(self) -> None:
        """Answer what is under way, then hang up."""
        self.hold()
        if self._caller and (tasks := [call.task for call in self._caller.calls.values()]):
            await asyncio.wait(filter(None, tasks))
        self.close()
        await self.closed.wait()

    def _greet(self, kind: int, body: Encoded) -> None:
        try:
            hello = _HELLO.decode(body)
        except UNREADABLE as error:
            raise ValidationFailedError("The first message must be a hello.") from error
        is_ours = secrets.compare_digest(hello.token.encode(), self._server.token.encode())
        if kind != FrameKind.MESSAGE or not is_ours:
            raise NotAuthorisedError
        self._wait_no_more()
        self._caller = Caller(str(self._peer.process), self._reply)
        if hello.events:
            self._topics = frozenset(TOPICS)
        self._answer("hello")

    def _control(self, body: Encoded) -> None:
        try:
            control = decode(_CONTROL, body)
        except AppError as error:
            self._answer("", error)
            return
        if isinstance(control, Subscribe):
            self._subscribe(control)
        elif self._caller:
            self._caller.cancel(control.id)

    def _take_sound(self, body: memoryview) -> None:
        try:
            piece = read_piece(body)
        except AppError as error:
            self._answer("", error)
        else:
            self._server.take_sound(piece)

    def _subscribe(self, wanted: Subscribe) -> None:
        unknown = set(wanted.topics).difference(TOPICS)
        if unknown:
            details = {"field": "topics", "reason": "there is no such topic"}
            self._answer(wanted.id, ValidationFailedError(details=details))
            return
        self._topics = frozenset(wanted.topics)
        self._answer(wanted.id)

    def _reply(self, response: bytes) -> None:
        self.send(response)
        if self.is_full:
            self._mind_the_rest()
        elif self.is_held:
            self._go_on()

    def _mind_the_rest(self) -> None:
        """The other side doesn't read: see how much there is that waits for it."""
        if self.unsent_bytes > MAX_UNSENT_BYTES:
            self._refuse(SlowReaderError(details={"limit": MAX_UNSENT_BYTES}))
        elif self.is_behind:
            self.hold()
        else:
            self._go_on()

    def _go_on(self) -> None:
        if self._caller and not self.is_behind and len(self._caller.calls) < MAX_IN_FLIGHT:
            self.release()

    def _tell(self, event: Event) -> None:
        if event.topic not in self._topics:
            return
        if not self.is_full:
            self.send(_encode(event))
            return
        # Who reads slowly is told once that the topic changed, not of what and how often.
        known = self._missed.get(event.topic)
        is_more = known is not None and known != event
        self._missed[event.topic] = Event(topic=event.topic) if is_more else event

    def _answer(self, request_id: str, error: AppError | None = None) -> None:
        response: IPCResponse[dict[str, str]] = (
            IPCResponse(id=request_id, success=False, error=error.to_ipc())
            if error
            else IPCResponse(id=request_id, success=True, data={})
        )
        self._reply(_encode(response))

    def _refuse(self, error: AppError) -> None:
        """Hang up, with a code as the last word; it is nobody's answer once hello was said."""
        if self.is_closing:
            return
        _log.warning("connection refused", code=error.code, peer=self._peer.process)
        self.drop_unsent()
        response = IPCResponse[None](
            id="" if self._caller else "hello", success=False, error=error.to_ipc()
        )
        self.send(_encode(response))
        self.close()

    def _wait_at_most(self, seconds: float, error: AppError) -> None:
        self._wait_no_more()
        self._impatience = self._loop.call_later(seconds, self._refuse, error)

    def _wait_no_more(self) -> None:
        if self._impatience:
            self._impatience.cancel()
            self._impatience = None
