"""The frames on the socket: a request, its response, and an event that nobody asked for."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import Meta

from shared_contracts.contract import Contract

T = TypeVar("T")

MAX_FRAME_BYTES = 16 * 1024 * 1024
"""A longer one is refused with IPC004, in both directions; an interview of long answers fits in."""


class IPCRequest(Contract, Generic[T]):
    """One call of a channel. `id` is chosen by the caller and echoed; `timestamp` is Unix time in
    ms.
    """

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    timestamp: float
    channel: Annotated[str, Meta(max_length=80)]
    payload: T


class IPCError(Contract):
    """A refusal in words a person can act on.

    `details` of VAL001 hold `field` and `reason`; those of DB006 hold `current`, the row as it is
    now.
    """

    code: str
    message: str
    remedy: str = ""
    details: Any = None


class IPCResponse(Contract, Generic[T], tag="response", tag_field="type", omit_defaults=True):
    """The answer to the request of the same `id`: `data` when `success`, else `error`."""

    id: str
    success: bool
    data: T | None = None
    error: IPCError | None = None


class Event(Contract, tag="event", tag_field="type"):
    """A committed change: what is known of `topic` (and of these ids, if any are named) is out of
    date.
    """

    topic: str
    ids: tuple[str, ...] = ()


class Hello(Contract):
    """The first frame on a socket: shows that the caller was given this run's token."""

    token: str
    events: bool = True


RawRequest = IPCRequest[msgspec.Raw]


class RawResponse(Contract, tag="response", tag_field="type", omit_defaults=True):
    """An IPCResponse whose data is passed on unread; of its own, as msgspec has no Raw | None."""

    id: str
    success: bool
    data: msgspec.Raw = msgspec.Raw()
    error: IPCError | None = None
