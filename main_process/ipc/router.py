"""Takes one request to its handler and its answer back; the one place where errors become codes."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
import structlog

from main_process.handlers import Handler, Route
from main_process.services import Services
from shared_contracts.channels import Channel
from shared_contracts.envelope import MAX_FRAME_BYTES, IPCError, IPCResponse, RawRequest
from shared_contracts.errors import (
    AppError,
    FrameTooLargeError,
    InternalError,
    IPCTimeoutError,
    UnknownChannelError,
    ValidationFailedError,
)

T = TypeVar("T")

_log = structlog.get_logger(__name__)
_REQUEST = msgspec.json.Decoder(RawRequest)
_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_FIELD = re.compile(r"(?:missing required|contains unknown) field `([^`]*)`")


class Router:
    """Decodes strictly, calls the handler within its time, encodes once."""

    def __init__(self, services: Services, routes: Iterable[Route]) -> None:
        self._services = services
        self._routes = {
            channel.name: (channel, handler, msgspec.json.Decoder(channel.request))
            for channel, handler in routes
        }

    async def answer(self, body: bytes) -> bytes:
        """The response to one message; never raises, whatever `body` is."""
        try:
            request = _decode(_REQUEST, body)
        except AppError as error:
            return self._refuse("", error.to_ipc())
        return await self.respond(request)

    async def respond(self, request: RawRequest) -> bytes:
        """The response to one request, whichever way it came; never raises.

        Every line that is logged on the way to it names the request.
        """
        started = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request=request.id):
            response, code = await self._respond(request)
            seconds = time.perf_counter() - started
            if not code:
                _log.debug("answered", channel=request.channel, ms=round(seconds * 1000, 2))
        channel = request.channel if request.channel in self._routes else "unknown"
        self._services.metrics.answered(channel, seconds, code)
        return response

    async def _respond(self, request: RawRequest) -> tuple[bytes, str]:
        """The response, and its error's code if it is one."""
        try:
            channel, handler, decoder = self._route(request)
            payload = _decode(decoder, request.payload)
            data = await self._call(channel, handler, payload)
        except AppError as error:
            return self._refuse(request.id, error.to_ipc()), error.code
        except Exception:  # noqa: BLE001  the process's edge: everything else is our own mistake
            _log.exception("handler failed")
            return self._refuse(request.id, InternalError().to_ipc()), InternalError.code
        for topic in channel.topics:
            self._services.events.changed(topic)
        response = msgspec.json.encode(IPCResponse(id=request.id, success=True, data=data))
        if len(response) > MAX_FRAME_BYTES:
            # Its caller would wait in vain for what can't be sent.
            return self._refuse(request.id, FrameTooLargeError().to_ipc()), FrameTooLargeError.code
        return response, ""

    def _route(self, request: RawRequest) -> tuple[Channel[Any, Any], Handler[Any, Any], Any]:
        route = self._routes.get(request.channel)
        if route is None:
            raise UnknownChannelError(details={"channel": request.channel})
        limit = route[0].max_bytes
        if len(request.payload) > limit:
            raise FrameTooLargeError(details={"bytes": len(request.payload), "limit": limit})
        return route

    async def _call(
        self, channel: Channel[Any, Any], handler: Handler[Any, Any], payload: object
    ) -> object:
        try:
            async with asyncio.timeout(channel.timeout_seconds):
                return await handler(self._services, payload)
        except TimeoutError as error:
            raise IPCTimeoutError(details={"seconds": channel.timeout_seconds}) from error

    def _refuse(self, request_id: str, error: IPCError) -> bytes:
        _log.info("refused", code=error.code)
        return msgspec.json.encode(IPCResponse[None](id=request_id, success=False, error=error))


def _decode(decoder: msgspec.json.Decoder[T], body: bytes | msgspec.Raw) -> T:
    """Decode, or say which field is wrong and why, without its value: it may be personal."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        text = str(error)
        reason = _PATH.sub("", text)
        named = [*_PATH.findall(text), *_FIELD.findall(reason)]
        field = ".".join(filter(None, named))
        message = f"{field or 'The message'} is not valid: {reason}."
        raise ValidationFailedError(message, details={"field": field, "reason": reason}) from error
