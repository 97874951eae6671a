"""What goes over the socket: a request, its response, and an event that nobody asked for."""

from __future__ import annotations

from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Meta

from shared_contracts.contract import Contract

T = TypeVar("T")

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
"""A longer message is refused with IPC004, in both directions; a long interview fits in."""


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

    `details` of VAL001 hold `field`, `value` (shortened) and `reason`; those of DB006 hold
    `current`, the row as it is now; those of RATE001 `retry_after_ms`. They may be personal, and
    are never logged.
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


Way = Literal["none", "ipc", "http"]
"""How the main process is asked: not at all yet, over its socket, or over HTTP."""


class WayTaken(Contract, tag="way", tag_field="type"):
    """Tells a page how the main process is asked from now on, and whether the settings want it so.

    Over HTTP without being `chosen` is the slower way, taken because the socket is lost.
    """

    way: Way
    chosen: bool = False


class Hello(Contract):
    """The first message on a socket: shows that the caller was given this run's token.

    `events` asks for all topics, until a Subscribe says which.
    """

    token: str
    events: bool = True


class Cancel(Contract, tag="cancel", tag_field="type"):
    """The request of this `id` is no longer wanted; it is answered all the same, once it ended."""

    id: str


class Subscribe(Contract, tag="subscribe", tag_field="type"):
    """From now on events of exactly these topics are wanted; answered under `id`."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    topics: tuple[str, ...]


Control = Cancel | Subscribe
"""The messages about the connection itself."""


class RequestHead(Contract):
    """An IPCRequest without its payload."""

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    timestamp: float
    channel: Annotated[str, Meta(max_length=80)]


class RawRequest(RequestHead):
    """An IPCRequest whose payload is passed on unread."""

    payload: msgspec.Raw


class RawResponse(Contract, tag="response", tag_field="type", omit_defaults=True):
    """An IPCResponse whose data is passed on unread; of its own, as msgspec has no Raw | None."""

    id: str
    success: bool
    data: msgspec.Raw = msgspec.Raw()
    error: IPCError | None = None


Encoded = bytes | bytearray | memoryview | msgspec.Raw
"""JSON, in whatever holds it."""

_REQUEST = msgspec.json.Decoder(RawRequest)
_REQUEST_HEAD = msgspec.json.Decoder(RequestHead)
_ANSWER = msgspec.json.Decoder(RawResponse | Event)
_PAYLOAD = b',"payload":'
_DATA = b',"data":'
_PAYLOAD_BYTES = len(_PAYLOAD)
_DATA_BYTES = len(_DATA)
_BRACE = ord("}")
_encode = msgspec.json.Encoder().encode
_HEAD_BYTES = 400
"""How far in the last field may begin for a message to be read in two pieces."""


def request_pieces(request: RequestHead, payload: Encoded) -> tuple[Encoded, ...]:
    """What a request is written as, with its payload as it is."""
    return _encode(request)[:-1], _PAYLOAD, payload, b"}"


def read_request(body: memoryview) -> tuple[RequestHead, Encoded]:
    """A request and its payload, which is not looked into: it may be no JSON at all.

    Raises what msgspec raises for anything else.
    """
    # These bytes stand nowhere but between two fields, for a quote inside of a string has a
    # backslash before it. What is before them is a whole object but for its brace, or it's decoded
    # in one piece: so that a payload is scanned once, by whom it is for.
    begin = bytes(body[:_HEAD_BYTES])
    at = begin.find(_PAYLOAD)
    if at > 0 and body[-1] == _BRACE:
        try:
            head = _REQUEST_HEAD.decode(begin[:at] + b"}")
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
        else:
            return head, body[at + _PAYLOAD_BYTES : -1]
    request = _REQUEST.decode(body)
    return request, request.payload


def read_answer(body: memoryview) -> RawResponse | Event:
    """What main says; the data of a response is not looked into. Raises what msgspec raises."""
    begin = bytes(body[:_HEAD_BYTES])
    at = begin.find(_DATA)
    if at > 0 and body[-1] == _BRACE:
        try:
            head = _ANSWER.decode(begin[:at] + b"}")
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass
        else:
            if isinstance(head, RawResponse):
                found = body[at + _DATA_BYTES : -1]
                # What came in parts lies alone in its memory, which nobody receives into.
                is_alone = len(body) == len(body.obj)  # type: ignore[arg-type]
                data = msgspec.Raw(found if is_alone else bytes(found))
                # It was made here a moment ago; making another costs more.
                msgspec.structs.force_setattr(head, "data", data)
                return head
    answer: RawResponse | Event = _ANSWER.decode(bytes(body))
    return answer
