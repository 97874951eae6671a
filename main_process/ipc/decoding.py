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
