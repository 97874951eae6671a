"""Turns bytes into checked structs, and what is wrong with them into VAL001."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from shared_contracts.envelope import Encoded
from shared_contracts.errors import ValidationFailedError

T = TypeVar("T")

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_FIELD = re.compile(r"(?:missing required|contains unknown) field `([^`]*)`")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_VALUE_CHARACTERS = 60
_MISSING = object()
_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*"([ !#-\[\]-~]{1,64})"')
"""An id at the beginning, where msgspec and JSON.stringify put it."""
_ID_BYTES = 400
MAX_ID_CHARACTERS = 64


class _Named(msgspec.Struct):
    """What can be known of a message that isn't valid."""

    id: str = ""


def decode(decoder: msgspec.json.Decoder[T], body: Encoded) -> T:
    """What `body` holds.

    Raises ValidationFailedError (VAL001) whose details name the field, its value and the reason.
    They are for the caller alone: a value is what somebody typed.
    """
    try:
        return decoder.decode(body)
    except UNREADABLE as error:
        raise explain(error, body) from error


def explain(error: Exception, body: Encoded) -> ValidationFailedError:
    """What an error that is one of UNREADABLE says of `body`."""
    text = str(error)
    reason = _PATH.sub("", text)
    named = [*_PATH.findall(text), *_FIELD.findall(reason)]
    field = ".".join(filter(None, named))
    details = {"field": field, "reason": reason}
    value = _value_at(field, body)
    if value is not _MISSING:
        details["value"] = _shortened(value)
    return ValidationFailedError(
        f"{field or 'The message'} is not valid: {reason}.", details=details
    )


def id_of(body: Encoded) -> str:
    """Whom to answer about a message that is not valid, as far as that can be told."""
    try:
        named = msgspec.json.decode(body, type=_Named).id
        return named if len(named) <= MAX_ID_CHARACTERS else ""
    except UNREADABLE:
        found = _ID.match(bytes(memoryview(body)[:_ID_BYTES]))
        return found[1].decode() if found else ""


def _value_at(field: str, body: Encoded) -> object:
    """What `body` has there, if it is JSON at all and has anything there."""
    try:
        value: object = msgspec.json.decode(body)
        for key, index in _STEP.findall(field):
            value = _step(value, key, index)
    except (*UNREADABLE, LookupError, TypeError):
        return _MISSING
    return value


def _step(value: object, key: str, index: str) -> object:
    if isinstance(value, list) and index:
        return value[int(index)]
    if isinstance(value, dict):
        return value[key]
    raise LookupError


def _shortened(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= _VALUE_CHARACTERS else f"{text[:_VALUE_CHARACTERS]}…"
