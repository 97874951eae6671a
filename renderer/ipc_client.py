"""The renderer's connection to the main process: requests with ids and timeouts, and events."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import cast

import msgspec
import structlog

from shared_contracts.channels import TOPICS
from shared_contracts.child_process import Connect
from shared_contracts.envelope import Event, Hello, RawRequest, RawResponse
from shared_contracts.errors import (
    AppError,
    ConnectionLostError,
    FrameTooLargeError,
    InternalError,
    IPCTimeoutError,
    from_ipc,
)
from shared_contracts.framing import FrameReader, frame

RECONNECT_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0)
_DATA_TOPICS = tuple(topic for topic in TOPICS if topic != "window")
_HELLO = "hello"
_HELLO_SECONDS = 5.0
_IN_FLIGHT = 256
"""More requests than this wait for their turn: a stuck main process costs bounded memory."""


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
        self._turns = asyncio.Semaphore(_IN_FLIGHT)
        self._ids = itertools.count(1)

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

        Raises IPCTimeoutError, ConnectionLostError, FrameTooLargeError, and what main answers.
        `details` of a lost connection say whether the request may have been carried out.
        """
        request = RawRequest(
            id=str(next(self._ids)), timestamp=time.time() * 1000, channel=channel, payload=payload
        )
        try:
            async with asyncio.timeout(timeout_seconds), self._turns:
                link = await self._linked()
                response = await link.ask(request)
        except TimeoutError:
            if self._link is None:
                raise ConnectionLostError(details={"outcome": "not sent"}) from None
            raise IPCTimeoutError(details={"channel": channel}) from None
        if response.success:
            return response.data
        raise from_ipc(response.error) if response.error else InternalError()

    async def close(self) -> None:
        """Close the connection; requests on their way get ConnectionLostError."""
        if self._keeping:
            self._keeping.cancel()
            await asyncio.wait([self._keeping])

    async def _linked(self) -> _Link:
        while self._link is None:
            await self._connected.wait()
        return self._link

    async def _keep_connected(self, to: Connect) -> None:
        log = structlog.get_logger(__name__)
        missed_events = False
        failures = 0
        while True:
            try:
                link = await _open(to, self._on_event)
            except (OSError, TimeoutError, AppError) as error:
                log.info("main process not reached", reason=type(error).__name__)
                self._on_attempt()
                await asyncio.sleep(RECONNECT_SECONDS[min(failures, len(RECONNECT_SECONDS) - 1)])
                failures += 1
                continue
            failures = 0
            log.info("connected to the main process")
            await self._use(link, missed_events=missed_events)
            missed_events = True

    async def _use(self, link: _Link, *, missed_events: bool) -> None:
        self._link = link
        self._on_attempt()
        self._connected.set()
        if missed_events:
            for topic in _DATA_TOPICS:
                self._on_event(Event(topic=topic))
        try:
            await link.lost.wait()
        finally:
            self._link = None
            self._connected.clear()
            self._on_attempt()
            link.close()


async def _open(to: Connect, on_event: Callable[[Event], None]) -> _Link:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(_HELLO_SECONDS):
        _, link = await loop.create_unix_connection(lambda: _Link(on_event), to.socket)
        try:
            response = await link.hello(to.token)
        except BaseException:
            link.close()
            raise
    if response.error:
        link.close()
        raise from_ipc(response.error)
    return link


class _Link(asyncio.Protocol):
    """One connection, from its first frame to its end."""

    def __init__(self, on_event: Callable[[Event], None]) -> None:
        self.lost = asyncio.Event()
        self._on_event = on_event
        self._frames = FrameReader()
        self._decoder = msgspec.json.Decoder(RawResponse | Event)
        self._pending: dict[str, asyncio.Future[RawResponse]] = {}
        self._transport: asyncio.Transport | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    async def hello(self, token: str) -> RawResponse:
        return await self._exchange(_HELLO, frame(msgspec.json.encode(Hello(token=token))))

    async def ask(self, request: RawRequest) -> RawResponse:
        return await self._exchange(request.id, frame(msgspec.json.encode(request)))

    async def _exchange(self, request_id: str, data: bytes) -> RawResponse:
        await self._writable.wait()
        if self._transport is None or self.lost.is_set():
            raise ConnectionLostError(details={"outcome": "not sent"})
        reply: asyncio.Future[RawResponse] = asyncio.get_running_loop().create_future()
        self._pending[request_id] = reply
        self._transport.write(data)
        try:
            return await reply
        finally:
            self._pending.pop(request_id, None)

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            for body in self._frames.feed(data):
                self._take(self._decoder.decode(body))
        except (FrameTooLargeError, msgspec.DecodeError) as error:
            structlog.get_logger(__name__).error("unreadable frame", reason=type(error).__name__)
            self.close()

    def _take(self, message: RawResponse | Event) -> None:
        if isinstance(message, Event):
            self._on_event(message)
            return
        reply = self._pending.get(message.id)
        if reply and not reply.done():
            reply.set_result(message)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio names it
        self.lost.set()
        self._writable.set()
        for reply in self._pending.values():
            if not reply.done():
                reply.set_exception(ConnectionLostError(details={"outcome": "unknown"}))

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()
