"""The renderer's connection to the main process: requests with ids and timeouts, and events."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Sequence

import msgspec
import structlog

from shared_contracts.channels import TOPICS
from shared_contracts.child_process import Connect
from shared_contracts.envelope import (
    Cancel,
    Encoded,
    Event,
    Hello,
    RawResponse,
    RequestHead,
    Subscribe,
    read_answer,
    request_pieces,
)
from shared_contracts.errors import (
    AppError,
    ConnectionLostError,
    InternalError,
    IPCTimeoutError,
    UnknownFrameError,
    from_ipc,
)
from shared_contracts.framing import FRAME_BYTES, MESSAGE, check_size
from shared_contracts.request_ids import current
from shared_contracts.transport import Link, connect

RECONNECT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0)
MAX_IN_FLIGHT = 256
"""More requests than this wait for their turn: a stuck main process costs bounded memory."""
_SHORT_BYTES = FRAME_BYTES // 2
"""A request over this is put together before it is sent, so that it is known what was sent."""
SOUND_SECONDS = 10.0
"""Sound that can't be sent for so long is given up; the main process sees what is missing."""
_HELLO = "hello"
_HELLO_SECONDS = 5.0
_TICK_SECONDS = 0.1
_FINEST_SECONDS = 0.005
"""How often it is looked whether a request has waited long enough, while any waits."""
_NOT_SENT = "not sent"
_UNKNOWN = "unknown"
"""What became of a request without an answer: it was not carried out, or may have been."""

_PAGES_ID = re.compile(r"[\w-]{1,48}-\d{1,15}", re.ASCII)
"""None of those that are made here is like this."""

_encode = msgspec.json.Encoder().encode


class IPCClient:
    """Keeps one connection to the main process, and makes it anew when it is lost.

    `on_attempt` is called when an attempt to connect has ended or a connection is lost, and
    `is_connected` says how. Events of what may have been missed come after it.
    """

    def __init__(
        self,
        on_event: Callable[[Event], None],
        on_attempt: Callable[[], None] = lambda: None,
    ) -> None:
        self._on_event = on_event
        self._on_attempt = on_attempt
        self._connected = asyncio.Event()
        self._link: _Link | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._missed_events = False
        self._topics = set(TOPICS)
        self._loop = asyncio.get_running_loop()
        self._turns = asyncio.Lock()
        self._waiting = 0
        self._ids = map(str, itertools.count(1))
        self._in_use: set[str] = set()

    def connect(self, to: Connect) -> None:
        """Connect to this socket from now on, in place of any other."""
        if self._keeping:
            self._keeping.cancel()
        self._keeping = asyncio.create_task(self._keep_connected(to), name="ipc-client")

    @property
    def is_connected(self) -> bool:
        """Whether a request would be sent now."""
        return self._link is not None

    async def request(
        self, channel: str, payload: msgspec.Raw, timeout_seconds: float
    ) -> msgspec.Raw:
        """Ask the main process and wait for the answer's data.

        Whoever stops waiting, by cancelling, takes the request back there as well. Raises
        IPCTimeoutError, ConnectionLostError, FrameTooLargeError, and what main answers. `details`
        of the first two have the `outcome`: "not sent", or "unknown" when it may be carried out.
        """
        # Most of what is asked without a page behind it is asked in a hurry.
        request_id = self._new_id() if current() else next(self._ids)
        head = RequestHead(id=request_id, timestamp=time.time() * 1000, channel=channel)
        pieces = request_pieces(head, payload)
        if len(payload) > _SHORT_BYTES:
            pieces = (b"".join(pieces),)
            check_size(pieces[0])
        try:
            link = self._link
            if link is None or self._waiting or not link.has_room:
                ends = self._loop.time() + timeout_seconds
                link = await self._turn(channel, timeout_seconds)
                timeout_seconds = ends - self._loop.time()
            response = await link.ask(request_id, pieces, timeout_seconds)
        except TimeoutError:
            raise _too_late(channel, _UNKNOWN) from None
        finally:
            self._in_use.discard(request_id)
        if response.success:
            return response.data
        raise from_ipc(response.error) if response.error else InternalError()

    async def send_sound(self, piece: bytes) -> None:
        """Send recorded sound as soon as there is a connection that has room for it.

        Raises ConnectionLostError (IPC003) when there is none for SOUND_SECONDS.
        """
        link = self._link
        if link is None or link.is_full:
            link = await self._turn("sound", SOUND_SECONDS)
        link.send_binary(piece)

    def _new_id(self) -> str:
        """The id of the page's request that this is for, unless another is under way with it."""
        wanted = current()
        if wanted in self._in_use or not _PAGES_ID.fullmatch(wanted):
            return next(self._ids)
        self._in_use.add(wanted)
        return wanted

    async def subscribe(self, *topics: str) -> None:
        """Hear of these topics as well. Raises ValidationFailedError (VAL001) for an unknown one.

        A new client hears of all; what is wanted holds for every connection to come.
        """
        await self._want(self._topics | set(topics))

    async def unsubscribe(self, *topics: str) -> None:
        """Hear of these topics no more."""
        await self._want(self._topics - set(topics))

    async def close(self) -> None:
        """Close the connection; requests on their way get ConnectionLostError."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])

    async def _want(self, topics: set[str]) -> None:
        if self._link:
            await self._link.subscribe(next(self._ids), topics)
        self._topics = topics

    async def _turn(self, channel: str, timeout_seconds: float) -> _Link:
        """The connection, as soon as there is one and it can take one more request.

        Who waits is served before those who come later. Raises ConnectionLostError and
        IPCTimeoutError.
        """
        self._waiting += 1
        try:
            async with asyncio.timeout(timeout_seconds), self._turns:
                while True:
                    link = self._link
                    if link is None:
                        await self._connected.wait()
                    elif link.has_room:
                        return link
                    else:
                        await link.wait_for_room()
        except TimeoutError:
            if self._link is None:
                raise ConnectionLostError(details={"outcome": _NOT_SENT}) from None
            raise _too_late(channel, _NOT_SENT) from None
        finally:
            self._waiting -= 1

    async def _keep_connected(self, to: Connect) -> None:
        log = structlog.get_logger(__name__)
        failures = 0
        while True:
            try:
                link = await self._open(to)
            except (OSError, TimeoutError, AppError) as error:
                log.info("main process not reached", reason=type(error).__name__)
                self._on_attempt()
                await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
                failures += 1
                continue
            failures = 0
            log.info("connected to the main process")
            await self._use(link)

    async def _open(self, to: Connect) -> _Link:
        async with asyncio.timeout(_HELLO_SECONDS):
            link = await connect(lambda: _Link(self._on_event), to.socket)
            try:
                await link.greet(to.token)
                if self._topics != set(TOPICS):
                    await link.subscribe(next(self._ids), self._topics)
            except BaseException:
                link.close()
                raise
        return link

    async def _use(self, link: _Link) -> None:
        self._link = link
        self._on_attempt()
        self._connected.set()
        if self._missed_events:
            for topic in TOPICS:
                # Nobody asked for the window while nobody was there.
                if topic in self._topics and topic != "window":
                    self._on_event(Event(topic=topic))
        self._missed_events = True
        try:
            await link.closed.wait()
        finally:
            self._link = None
            self._connected.clear()
            self._on_attempt()
            link.close()


def _too_late(channel: str, outcome: str) -> IPCTimeoutError:
    return IPCTimeoutError(details={"channel": channel, "outcome": outcome})


class _Link(Link):
    """One connection, from its hello to its end."""

    def __init__(self, on_event: Callable[[Event], None]) -> None:
        super().__init__()
        self.is_wanted = False
        self.room = asyncio.Event()
        """Set when a request ended or the main process has read what was sent."""
        self._on_event = on_event
        self._pending: dict[str, tuple[asyncio.Future[RawResponse], Encoded, float]] = {}
        """Who waits for the answer to what, and until when."""
        self._clock: asyncio.TimerHandle | None = None

    async def wait_for_room(self) -> None:
        """Return when something has changed that may have made room."""
        self.is_wanted = True
        self.room.clear()
        await self.room.wait()
        self.is_wanted = False

    @property
    def has_room(self) -> bool:
        """Whether one more request may be sent."""
        return not self.is_full and len(self._pending) < MAX_IN_FLIGHT

    async def greet(self, token: str) -> None:
        """Say hello. Raises what main refuses it with."""
        response = await self.ask(_HELLO, (_encode(Hello(token=token)),), _HELLO_SECONDS)
        if response.error:
            raise from_ipc(response.error)

    async def ask(
        self,
        request_id: str,
        pieces: Sequence[Encoded],
        timeout_seconds: float,
        send: Callable[..., None] | None = None,
    ) -> RawResponse:
        """The response. Whoever stops waiting, also for TimeoutError, takes the request back."""
        if self.is_closing:
            raise ConnectionLostError(details={"outcome": _NOT_SENT})
        reply: asyncio.Future[RawResponse] = self._loop.create_future()
        self._pending[request_id] = reply, pieces[0], self._loop.time() + timeout_seconds
        if self._clock is None:
            self._clock = self._loop.call_later(min(timeout_seconds, _TICK_SECONDS), self._tick)
        (send or self.send)(*pieces)
        try:
            return await reply
        except (asyncio.CancelledError, TimeoutError):
            self.send_control(_encode(Cancel(id=request_id)))
            raise
        finally:
            del self._pending[request_id]
            if self.is_wanted:
                self.room.set()

    async def subscribe(self, request_id: str, topics: set[str]) -> None:
        """Hear of exactly these. Raises what main refuses it with."""
        wanted = _encode(Subscribe(id=request_id, topics=tuple(sorted(topics))))
        response = await self.ask(request_id, (wanted,), _HELLO_SECONDS, self.send_control)
        if response.error:
            raise from_ipc(response.error)

    def _tick(self) -> None:
        """Give up on what has waited long enough; one timer for all costs less than one each."""
        self._clock = None
        now = self._loop.time()
        for reply, _, ends in self._pending.values():
            if ends <= now and not reply.done():
                reply.set_exception(TimeoutError())
        if self._pending:
            nearest = min(ends for _, _, ends in self._pending.values()) - now
            wait = max(_FINEST_SECONDS, min(nearest, _TICK_SECONDS))
            self._clock = self._loop.call_later(wait, self._tick)

    def take(self, kind: int, body: memoryview) -> None:
        if kind != MESSAGE:
            raise UnknownFrameError(details={"kind": kind})
        try:
            message = read_answer(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InternalError("The main process said what can't be read.") from error
        if isinstance(message, Event):
            self._on_event(message)
            return
        pending = self._pending.get(message.id)
        if pending:
            reply = pending[0]
            if not reply.done():
                reply.set_result(message)
        elif message.error and not message.id:
            log = structlog.get_logger(__name__)
            log.warning("refused by the main process", code=message.error.code)

    def unreadable(self, error: AppError) -> None:
        structlog.get_logger(__name__).error("unreadable frame", code=error.code)
        self.close()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.room.set()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.room.set()
        if self._clock:
            self._clock.cancel()
        for reply, body, _ in self._pending.values():
            outcome = _NOT_SENT if self.is_unsent(body) else _UNKNOWN
            if not reply.done():
                reply.set_exception(ConnectionLostError(details={"outcome": outcome}))
