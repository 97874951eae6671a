"""The same channels over HTTP on 127.0.0.1, for as long as the socket is lost.

Imported when it is served: what it is made of is not needed for the window's first paint.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from main_process.events import EventBus
from shared_contracts import problems
from shared_contracts.channels import CHANNELS
from shared_contracts.envelope import Event, RawRequest, RawResponse
from shared_contracts.errors import (
    AppError,
    FallbackClosedError,
    FrameTooLargeError,
    NotAuthorisedError,
    UnknownChannelError,
    ValidationFailedError,
    from_ipc,
)
from shared_contracts.fallback import CHANNEL_PATH, EVENT_PREFIX, EVENTS_PATH
from shared_contracts.request_ids import HEADER

Respond = Callable[[RawRequest], Awaitable[bytes]]
IsOpen = Callable[[str], bool]
"""Whether a channel, or with "" the stream of events, is open to HTTP now."""

_log = structlog.get_logger(__name__)
_RESPONSE = msgspec.json.Decoder(RawResponse)
_HEADERS = {"Cache-Control": "no-store"}
_OUTBOX = 1_000
"""A listener that is this far behind is cut off; it comes again and reads everything anew."""
_MAX_ID = 64


class HTTPFallback:
    """The ASGI application. Who has no token, or asks from a web page, learns nothing at all."""

    def __init__(
        self, respond: Respond, events: EventBus, admission: Admission, is_open: IsOpen
    ) -> None:
        self._respond = respond
        self._events = events
        self._admission = admission
        self._is_open = is_open
        self._streams: set[_Stream] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or tell of events until the way is closed."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    def end_streams(self) -> None:
        """Hang up on who listens to events: there is a better way again, or soon none."""
        for stream in self._streams:
            stream.end()

    async def _answer(self, request: Request) -> Response:
        try:
            self._admission.check(request.headers)
            if (request.method, request.scope["path"]) == ("GET", EVENTS_PATH):
                return self._tell()
            asked = await self._read(request)
            return Response(await self._ask(asked), 200, _HEADERS, "application/json")
        except AppError as error:
            _log.info("refused over HTTP", code=error.code)
            body, status = problems.encode(error.to_ipc()), problems.status_of(error.code)
            return Response(body, status, _HEADERS, problems.MEDIA_TYPE)

    async def _read(self, request: Request) -> RawRequest:
        """Raises UnknownChannelError, FallbackClosedError and FrameTooLargeError."""
        path: str = request.scope["path"]
        channel = CHANNELS.get(path.removeprefix(CHANNEL_PATH))
        if channel is None or not path.startswith(CHANNEL_PATH) or request.method != "POST":
            raise UnknownChannelError(details={"channel": path})
        if not self._is_open(channel.name):
            raise FallbackClosedError
        return RawRequest(
            id=request.headers.get(HEADER, "")[:_MAX_ID] or uuid.uuid4().hex,
            timestamp=time.time() * 1000,
            channel=channel.name,
            payload=msgspec.Raw(await _body(request, channel.max_bytes)),
        )

    async def _ask(self, request: RawRequest) -> bytes:
        """The answer's data. Raises what is answered in its place."""
        response = _RESPONSE.decode(await self._respond(request))
        if response.error:
            raise from_ipc(response.error)
        return bytes(response.data)

    def _tell(self) -> Response:
        if not self._is_open(""):
            raise FallbackClosedError
        return StreamingResponse(self._told(), 200, _HEADERS, "text/event-stream")

    async def _told(self) -> AsyncIterator[bytes]:
        """What a listener is sent; after the first piece nothing is missed."""
        stream = _Stream()
        leave = self._events.subscribe(stream.put)
        self._streams.add(stream)
        try:
            yield b":\n\n"
            while self._is_open("") and (event := await stream.next()):
                yield EVENT_PREFIX.encode() + event + b"\n\n"
        finally:
            leave()
            self._streams.discard(stream)


class Admission:
    """Who may ask: a program that was given this run's token, and calls this very address."""

    def __init__(self, token: str, address: str) -> None:
        """`address` is the host:port that is served."""
        self._authorization = f"Bearer {token}".encode()
        self._address = address

    def check(self, headers: Headers) -> None:
        """Raises NotAuthorisedError (IPC005); for a web page too, which is never one of ours."""
        hosts, tokens = headers.getlist("host"), headers.getlist("authorization")
        known = len(tokens) == 1 and secrets.compare_digest(tokens[0].encode(), self._authorization)
        if not known or hosts != [self._address] or "origin" in headers:
            raise NotAuthorisedError


class _Stream:
    """What one listener is still to be told."""

    def __init__(self) -> None:
        self._outbox: asyncio.Queue[bytes] = asyncio.Queue(_OUTBOX)

    def put(self, event: Event) -> None:
        if self._outbox.full():
            self.end()
        else:
            self._outbox.put_nowait(msgspec.json.encode(event))

    def end(self) -> None:
        """Tell nothing more, not even what waits."""
        while not self._outbox.empty():
            self._outbox.get_nowait()
        self._outbox.put_nowait(b"")

    async def next(self) -> bytes:
        """The next event, or nothing when there will be none."""
        return await self._outbox.get()


async def _body(request: Request, limit: int) -> bytes:
    """The whole body. Raises FrameTooLargeError (IPC004) as soon as it is longer than `limit`."""
    body = bytearray()
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > limit:
                raise FrameTooLargeError(details={"bytes": len(body), "limit": limit})
    except ClientDisconnect:
        # Nobody hears it.
        raise ValidationFailedError(details={"field": "", "reason": "it was cut off"}) from None
    return bytes(body)
