"""Where the next page of a list begins, as text that only its own repository understands."""

from __future__ import annotations

import base64
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from shared_contracts.errors import ValidationFailedError

T = TypeVar("T")

Number: TypeAlias = Annotated[int, Meta(ge=0, le=2**63 - 1)]
"""What SQLite can hold: a cursor may come back altered."""


def to_cursor(place: object) -> str:
    """The text of a place: a tuple or an array-like struct of strings, numbers and UUIDs."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(place)).decode().rstrip("=")


def from_cursor(cursor: str, kind: type[T]) -> T:
    """The place again. Raises ValidationFailedError (VAL001) for what is no cursor of this list."""
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        packed = base64.b64decode(padded, altchars=b"-_", validate=True)
        return msgspec.msgpack.decode(packed, type=kind)
    except (ValueError, msgspec.DecodeError) as error:
        details = {"field": "after", "reason": "not a cursor of an earlier page"}
        raise ValidationFailedError(details=details) from error
