"""Answers pages: checks what they ask against the channel table, tells them what changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from structlog.contextvars import bind_contextvars, reset_contextvars

from renderer.data_service.data_access import DataAccessStrategy
from shared_contracts.channels import CHANNELS, Channel
from shared_contracts.contract import Contract
from shared_contracts.decoding import UNREADABLE, explain, id_of
from shared_contracts.envelope import Event, RawRequest, RawResponse, Way, WayTaken
from shared_contracts.errors import (
    AppError,
    ConnectionLostError,
    FrameTooLargeError,
    UnknownChannelError,
)
from shared_contracts.recordings import MAX_PIECE_BYTES, PIECE_HEAD_BYTES

_log = structlog.get_logger(__name__)
_logger = logging.getLogger(__name__)
Subscriber = Callable[[str], None]
SoundWay = Callable[[bytes], Awaitable[None]]
"""Sends recorded sound to the main process."""


async def _nowhere(_: bytes) -> None:
    raise ConnectionLostError(details={"outcome": "not sent"})


class DataService:
    """One for all pages; it outlives their reloads."""

    def __init__(self, access: DataAccessStrategy, sound: SoundWay = _nowhere) -> None:
        self._access = access
        self._sound = sound
        self._way = ""
        self._pages: set[Subscriber] = set()
        self._requests = msgspec.json.Decoder(RawRequest)

    async def answer(self, text: str | bytes) -> str:
        """The response to one message of a page, an error being one as well."""
        try:
            request = self._requests.decode(text)
        except UNREADABLE as error:
            body = text.encode(errors="replace") if isinstance(text, str) else text
            return _encode(_refusal(id_of(body), explain(error, body)))
        bound = bind_contextvars(request=request.id)
        try:
            return _encode(await self._respond(request))
        finally:
            reset_contextvars(**bound)

    async def take_sound(self, piece: bytes) -> None:
        """Pass on a piece of recorded sound; what can't be is missed by the main process."""
        if len(piece) > MAX_PIECE_BYTES + PIECE_HEAD_BYTES:
            _log.warning("sound refused", bytes=len(piece))
            return
        try:
            await self._sound(piece)
        except AppError as error:
            _log.warning("sound lost", code=error.code)

    async def ask(self, channel: Channel[Any, Any], request: Contract) -> msgspec.Raw:
        """The answer to what no page, but the server itself asks. Raises AppError."""
        return await self._access.request(channel, msgspec.Raw(msgspec.json.encode(request)))

    def publish(self, event: Event) -> None:
        """Tell every page."""
        self._tell(_encode(event))

    def take_way(self, way: Way, *, chosen: bool) -> None:
        """Tell every page, also those to come, how the main process is asked."""
        self._way = _encode(WayTaken(way=way, chosen=chosen))
        self._tell(self._way)

    def subscribe(self, page: Subscriber) -> Callable[[], None]:
        """Have `page` called with the way, once there is one, and every event.

        Until the returned function is called.
        """
        self._pages.add(page)
        if self._way:
            page(self._way)
        return lambda: self._pages.discard(page)

    def _tell(self, text: str) -> None:
        for page in tuple(self._pages):
            page(text)

    async def _respond(self, request: RawRequest) -> RawResponse:
        started = time.perf_counter()
        try:
            data = await self._request(request)
        except AppError as error:
            _log.info("refused", channel=request.channel, code=error.code)
            return _refusal(request.id, error)
        if _logger.isEnabledFor(logging.DEBUG):
            ms = round((time.perf_counter() - started) * 1000, 2)
            _log.debug("answered", channel=request.channel, ms=ms)
        return RawResponse(id=request.id, success=True, data=data)

    async def _request(self, request: RawRequest) -> msgspec.Raw:
        channel = CHANNELS.get(request.channel)
        if channel is None:
            raise UnknownChannelError(details={"channel": request.channel})
        size = len(bytes(request.payload))
        if size > channel.max_bytes:
            raise FrameTooLargeError(details={"bytes": size, "limit": channel.max_bytes})
        return await self._access.request(channel, request.payload)


def _refusal(request_id: str, error: AppError) -> RawResponse:
    return RawResponse(id=request_id, success=False, error=error.to_ipc())


def _encode(message: Contract) -> str:
    return msgspec.json.encode(message).decode()
