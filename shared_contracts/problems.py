"""Errors as HTTP carries them: a status, and RFC 9457's problem document with our fields beside."""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from shared_contracts.envelope import IPCError
from shared_contracts.errors import ErrorCode

MEDIA_TYPE = "application/problem+json"
_STATUS: dict[str, HTTPStatus] = {
    ErrorCode.VALIDATION_FAILED: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.UNKNOWN_CHANNEL: HTTPStatus.NOT_FOUND,
    ErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    ErrorCode.NOT_AUTHORISED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.CONFLICT: HTTPStatus.CONFLICT,
    ErrorCode.FRAME_TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ErrorCode.RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    ErrorCode.BUSY: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.IPC_TIMEOUT: HTTPStatus.GATEWAY_TIMEOUT,
    ErrorCode.DATABASE_LOCKED: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.QUEUE_CLOSED: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.FALLBACK_CLOSED: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.AI_SERVICE_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.MODEL_MISSING: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.SPEECH_MODEL_MISSING: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.VOICE_MISSING: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.SOUND_UNREADABLE: HTTPStatus.UNPROCESSABLE_ENTITY,
    ErrorCode.SOUND_DELETED: HTTPStatus.GONE,
}


class _Problem(msgspec.Struct):
    """What we read of a problem document; what else it holds is for others."""

    code: str
    message: str
    remedy: str = ""
    details: object = None


def status_of(code: str) -> HTTPStatus:
    """The HTTP status of an error's code."""
    return _STATUS.get(code, HTTPStatus.INTERNAL_SERVER_ERROR)


def encode(error: IPCError) -> bytes:
    """The problem document of an error."""
    named = {"type": "about:blank", "title": error.message, "detail": error.remedy}
    status = status_of(error.code)
    return msgspec.json.encode({**named, "status": status, **msgspec.structs.asdict(error)})


def decode(body: bytes) -> IPCError | None:
    """The error in a problem document of ours; None when it is none."""
    try:
        problem = msgspec.json.decode(body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return IPCError(**msgspec.structs.asdict(problem))
