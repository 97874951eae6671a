"""Recordings and questions that are read aloud, as WAV files that a page can play and wind."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from http import HTTPStatus
from uuid import UUID

import msgspec
from starlette.datastructures import Headers
from starlette.responses import Response, StreamingResponse
from starlette.types import Scope

from renderer.data_service.service import DataService
from shared_contracts import problems
from shared_contracts.channels import SOUND_READ, VOICE_READ
from shared_contracts.errors import AppError
from shared_contracts.recordings import MAX_READ_BYTES, ReadSound, ReadVoice, Sound

_PATH = re.compile(r"/(recordings|speech)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.wav")
_RANGE = re.compile(r"bytes=(\d{0,10})-(\d{0,10})")
_SOUND = msgspec.json.Decoder(Sound)
_Read = Callable[[int, int], Awaitable[Sound]]


def is_asked_for(path: str) -> bool:
    """Whether this is the path of a recording, or of a question that is read aloud."""
    return _PATH.fullmatch(path) is not None


async def respond(service: DataService, scope: Scope) -> Response:
    """The file, or the range of it that is asked for; a problem document for an error."""
    read = _reader(service, scope["path"])
    wanted = Headers(scope=scope).get("range", "")
    try:
        total = (await read(0, 1)).total_bytes
        span = _span(wanted, total)
        if span is None:
            unmet = {"Content-Range": f"bytes */{total}"}
            return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=unmet)
        # Read before anything is sent, so that an error still has its status.
        begin = await read(span[0], min(MAX_READ_BYTES, span[1] - span[0]))
    except AppError as error:
        return Response(
            problems.encode(error.to_ipc()),
            problems.status_of(error.code),
            media_type=problems.MEDIA_TYPE,
        )
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(span[1] - span[0])}
    status = HTTPStatus.OK
    if wanted:
        status = HTTPStatus.PARTIAL_CONTENT
        headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{total}"
    if scope["method"] == "HEAD":
        return Response(status_code=status, headers=headers, media_type="audio/wav")
    body = _rest(read, begin.data, span)
    return StreamingResponse(body, status, headers=headers, media_type="audio/wav")


def _reader(service: DataService, path: str) -> _Read:
    found = _PATH.fullmatch(path)
    if found is None:
        msg = f"no sound is at {path}"
        raise ValueError(msg)
    wanted = UUID(found[2])

    async def read(offset: int, length: int) -> Sound:
        if found[1] == "recordings":
            asked = ReadSound(recording_id=wanted, offset=offset, length=length)
            return _SOUND.decode(await service.ask(SOUND_READ, asked))
        spoken = ReadVoice(session_question_id=wanted, offset=offset, length=length)
        return _SOUND.decode(await service.ask(VOICE_READ, spoken))

    return read


async def _rest(read: _Read, begin: bytes, span: tuple[int, int]) -> AsyncIterator[bytes]:
    """All of the span, of which the beginning is there."""
    yield begin
    at = span[0] + len(begin)
    while at < span[1]:
        data = (await read(at, min(MAX_READ_BYTES, span[1] - at))).data
        if not data:  # It was deleted meanwhile; the player sees that it ends early.
            return
        yield data
        at += len(data)


def _span(wanted: str, total: int) -> tuple[int, int] | None:
    """Which bytes are asked for, the end not included; None when there are none such.

    Source: https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
    """
    found = _RANGE.fullmatch(wanted)
    if found is None or not (found[1] or found[2]):
        return 0, total
    if not found[1]:
        start, end = max(0, total - int(found[2])), total
    else:
        start, end = int(found[1]), min(total, int(found[2] or total) + 1)
    return (start, end) if start < end else None
