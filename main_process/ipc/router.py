"""Takes a request to its handler and the answer back; the one place where errors become codes."""

from __future__ import annotations

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

import msgspec
import structlog

from main_process.handlers import Handler, Route
from main_process.ipc.limits import Limits
from main_process.services import Services
from shared_contracts.channels import Channel
from shared_contracts.decoding import UNREADABLE, explain, id_of
from shared_contracts.envelope import (
    MAX_MESSAGE_BYTES,
    Encoded,
    IPCResponse,
    RawRequest,
    RequestHead,
    read_request,
)
from shared_contracts.errors import (
    AppError,
    ErrorCode,
    FrameTooLargeError,
    InternalError,
    IPCTimeoutError,
    RequestCancelledError,
    UnknownChannelError,
    ValidationFailedError,
)
from shared_contracts.request_ids import VARIABLE

_log = structlog.get_logger(__name__)
_logger = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode
_UNKNOWN = "unknown"
"""What is counted for requests that name no channel there is."""
_IN_FLOODS = {ErrorCode.RATE_LIMITED, ErrorCode.BUSY}
"""Counted each time, and logged for those alone who look closely."""


class Caller:
    """One who asks. Limits count by `name`; each message is answered once, through `reply`."""

    def __init__(self, name: str, reply: Callable[[bytes], None]) -> None:
        self.name = name
        self.reply = reply
        self.calls: dict[str, Call] = {}
        """What is under way, by the request's id."""

    def cancel(self, request_id: str) -> None:
        """Take a request back: its handler is cancelled, unless it ended meanwhile."""
        call = self.calls.get(request_id)
        if call and call.task:
            # A turn later, so that it has begun: what never began would never be answered.
            asyncio.get_running_loop().call_soon(call.task.cancel)

    def leave(self) -> None:
        """Take back what was only a question; what changes something is carried out."""
        for call in tuple(self.calls.values()):
            if call.line.channel.kind == "query":
                self.cancel(call.id)


@dataclass(slots=True, eq=False)
class _Line:
    """A line of the table of channels, ready for use."""

    channel: Channel[Any, Any]
    handler: Handler[Any, Any]
    decode: Callable[[Encoded], Any]
    waits: bool
    max_bytes: int


@dataclass(slots=True, eq=False)
class Call:
    """A request under way."""

    id: str
    caller: Caller
    line: _Line
    started: float
    task: asyncio.Task[None] | None = None
    ran_out: bool = False

    def run_out(self) -> None:
        """Its time is over."""
        self.ran_out = True
        if self.task:
            self.task.cancel()


class Router:
    """Decodes strictly, calls the handler within its limits, encodes once."""

    def __init__(self, services: Services, routes: Iterable[Route]) -> None:
        self._services = services
        self._limits = Limits()
        self._announcing: set[asyncio.Task[None]] = set()
        self._lines: dict[str, _Line] = {}
        for channel, handler in routes:
            if channel.name in self._lines:
                msg = f"channel {channel.name} has two handlers"
                raise ValueError(msg)
            decode = msgspec.json.Decoder(channel.request).decode
            waits = inspect.iscoroutinefunction(handler)
            self._lines[channel.name] = _Line(channel, handler, decode, waits, channel.max_bytes)

    async def answer(self, body: bytes, client: str = "") -> bytes:
        """The response to one message of `client`; never raises, whatever `body` is."""
        return await self._answer(lambda caller: self.begin(memoryview(body), caller), client)

    async def respond(self, request: RawRequest, client: str = "") -> bytes:
        """The response to one request, whichever way it came; never raises."""
        return await self._answer(
            lambda caller: self._begin(request, request.payload, caller), client
        )

    def begin(self, message: memoryview, caller: Caller) -> None:
        """Answer a message through `caller.reply`, at once if nothing has to be waited for."""
        try:
            head, payload = read_request(message)
        except UNREADABLE as error:
            self._refuse_unread(id_of(message), explain(error, message), caller)
        else:
            self._begin(head, payload, caller)

    async def _answer(self, begin: Callable[[Caller], None], client: str) -> bytes:
        answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def reply(response: bytes) -> None:
            if not answered.done():
                answered.set_result(response)

        caller = Caller(client, reply)
        begin(caller)
        try:
            return await answered
        except asyncio.CancelledError:
            for request_id in tuple(caller.calls):
                caller.cancel(request_id)
            raise

    def _begin(self, request: RequestHead, payload: Encoded, caller: Caller) -> None:
        line = self._lines.get(request.channel)
        if line is None:
            error = UnknownChannelError(details={"channel": request.channel})
            self._refuse_unread(request.id, error, caller)
            return
        call = Call(request.id, caller, line, time.perf_counter())
        try:
            self._limits.admit(line.channel, caller.name, call.started)
            if len(payload) > line.max_bytes or call.id in caller.calls:
                self._explain_refusal(call, payload)
            try:
                asked = line.decode(payload)
            except UNREADABLE as error:
                raise explain(error, payload) from error
            if line.waits:
                self._wait_for(call, asked)
                return
            token = VARIABLE.set(request.id)
            try:
                data = line.handler(self._services, asked)
            finally:
                VARIABLE.reset(token)
        except Exception as error:  # noqa: BLE001  the process's edge: see _refuse
            self._refuse(call, error)
        else:
            self._succeed(call, data)

    def _explain_refusal(self, call: Call, payload: Encoded) -> None:
        """Raise what keeps the request from being looked into."""
        limit = call.line.max_bytes
        if len(payload) > limit:
            raise FrameTooLargeError(details={"bytes": len(payload), "limit": limit})
        reason = "a request of this id is under way"
        raise ValidationFailedError(details={"field": "id", "reason": reason})

    def _wait_for(self, call: Call, payload: object) -> None:
        call.caller.calls[call.id] = call
        self._limits.begin(call.line.channel)
        call.task = asyncio.get_running_loop().create_task(self._see_through(call, payload))

    async def _see_through(self, call: Call, payload: object) -> None:
        VARIABLE.set(call.id)
        seconds = call.line.channel.timeout_seconds
        # A timer of its own costs a fifth of asyncio.timeout.
        timer = asyncio.get_running_loop().call_later(seconds, call.run_out)
        error: Exception | None = None
        data: object = None
        try:
            handling = call.line.handler(self._services, payload)
            data = await cast("Awaitable[object]", handling)
        except asyncio.CancelledError:
            late = IPCTimeoutError(details={"seconds": seconds})
            error = late if call.ran_out else RequestCancelledError()
        except Exception as raised:  # noqa: BLE001  the process's edge: see _refuse
            error = raised
        timer.cancel()
        self._limits.end(call.line.channel)
        del call.caller.calls[call.id]
        if error is None:
            self._succeed(call, data)
        else:
            self._refuse(call, error)

    def _succeed(self, call: Call, data: object) -> None:
        for topic in call.line.channel.topics:
            self._services.events.changed(topic)
        try:
            response = _encode(IPCResponse(id=call.id, success=True, data=data))
            if len(response) > MAX_MESSAGE_BYTES:
                # Its caller would wait in vain for what can't be sent.
                raise FrameTooLargeError
        except Exception as error:  # noqa: BLE001  the process's edge: see _refuse
            self._refuse(call, error)
            return
        self._end(call, response)

    def _refuse(self, call: Call, error: Exception) -> None:
        """Answer with a code: the error's own, or APP003 when it is a mistake of ours."""
        if not isinstance(error, AppError):
            _log.error("handler failed", request=call.id, exc_info=error)
            error = InternalError()
        elif isinstance(error, IPCTimeoutError | RequestCancelledError):
            self._announce_what_goes_on(call.line.channel)
        log = _log.debug if error.code in _IN_FLOODS else _log.info
        log("refused", request=call.id, channel=call.line.channel.name, code=error.code)
        self._end(call, _refusal(call.id, error), error.code)

    def _refuse_unread(self, request_id: str, error: AppError, caller: Caller) -> None:
        _log.info("refused", request=request_id, code=error.code)
        self._services.metrics.answered(_UNKNOWN, 0.0, error.code)
        caller.reply(_refusal(request_id, error))

    def _end(self, call: Call, response: bytes, code: str = "") -> None:
        name = call.line.channel.name
        seconds = time.perf_counter() - call.started
        self._services.metrics.answered(name, seconds, code)
        # Asked first, since most of the time nobody wants to read this.
        if not code and _logger.isEnabledFor(logging.DEBUG):
            _log.debug("answered", request=call.id, channel=name, ms=round(seconds * 1000, 2))
        call.caller.reply(response)

    def _announce_what_goes_on(self, channel: Channel[Any, Any]) -> None:
        """Announce what a command that was given up changes all the same, once it has."""
        if channel.topics:
            task = asyncio.get_running_loop().create_task(self._announce_after_writes(channel))
            self._announcing.add(task)
            task.add_done_callback(self._announcing.discard)

    async def _announce_after_writes(self, channel: Channel[Any, Any]) -> None:
        with suppress(AppError):  # The database is closed or broken: nothing more is written.
            await self._services.database.write(lambda _: None)
        for topic in channel.topics:
            self._services.events.changed(topic)


def _refusal(request_id: str, error: AppError) -> bytes:
    return _encode(IPCResponse[None](id=request_id, success=False, error=error.to_ipc()))
