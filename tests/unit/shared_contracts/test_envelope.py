"""A message read in two pieces is the one that it is as a whole, or no message at all."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_contracts.envelope import (
    Event,
    IPCError,
    RawRequest,
    RawResponse,
    read_answer,
    read_request,
)

WHOLE = msgspec.json.Decoder(RawRequest)
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
values = st.recursive(
    st.none() | st.integers(-5, 5) | st.sampled_from(['","payload":', ',"payload":', "é", "a\\"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["payload", "id", "data", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
names = st.sampled_from(["id", "timestamp", "channel", "payload", "data", "x"])


def written(fields: list[tuple[str, Any]]) -> bytes:
    """These fields in this order, also twice, as compact as our own encoder writes them."""
    return b"{%s}" % b",".join(
        msgspec.json.encode(name) + b":" + msgspec.json.encode(value) for name, value in fields
    )


def whole(body: bytes) -> tuple[str, float, str, Any] | None:
    try:
        request = WHOLE.decode(body)
        return request.id, request.timestamp, request.channel, json.loads(bytes(request.payload))
    except UNREADABLE:
        return None


def in_pieces(body: bytes) -> tuple[str, float, str, Any] | None:
    """What the router makes of it, with a decoder for the payload that takes any JSON."""
    try:
        head, payload = read_request(memoryview(body))
        return head.id, head.timestamp, head.channel, msgspec.json.decode(payload)
    except UNREADABLE:
        return None


@given(
    st.fixed_dictionaries(
        {
            "id": st.sampled_from(["1", '","payload":', "é\\"]),
            "timestamp": st.just(1.5),
            "channel": st.sampled_from(["c", ',"payload":']),
            "payload": values,
        }
    ),
    st.permutations(["id", "timestamp", "channel", "payload"]),
)
def test_a_request_is_the_same_in_pieces(fields: dict[str, Any], order: list[str]) -> None:
    body = written([(name, fields[name]) for name in order])
    assert in_pieces(body) == whole(body) is not None


@given(st.lists(st.tuples(names, values | st.just("text") | st.just(1.5)), max_size=7))
def test_what_is_no_request_as_a_whole_is_none_in_pieces(fields: list[tuple[str, Any]]) -> None:
    body = written(fields)
    assert whole(body) is not None or in_pieces(body) is None


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_whatever_bytes_come_they_are_read_or_refused(before: bytes, after: bytes) -> None:
    body = before + b',"payload":' + after + b"}"
    assert whole(body) is not None or in_pieces(body) is None


def test_the_payload_is_not_looked_into() -> None:
    head, payload = read_request(
        memoryview(b'{"id":"1","timestamp":1,"channel":"c","payload":no json}')
    )
    assert (head.id, bytes(payload)) == ("1", b"no json")


@pytest.mark.parametrize(
    "answer",
    [
        RawResponse(id="1", success=True, data=msgspec.Raw(b'{"data":[1,"}"]}')),
        RawResponse(id="1", success=True),
        RawResponse(id=',"data":', success=True, data=msgspec.Raw(b"[]")),
        RawResponse(
            id="1",
            success=False,
            error=IPCError(code="X", message="y", details={"a": 1, "data": {"data": 2}}),
        ),
        Event(topic=',"data":', ids=("1", "2")),
    ],
)
def test_an_answer_is_the_same_in_pieces(answer: RawResponse | Event) -> None:
    body = msgspec.json.encode(answer)
    read = read_answer(memoryview(body))
    assert msgspec.json.encode(read) == body


def test_an_answer_outlives_the_memory_it_was_received_into() -> None:
    answer = RawResponse(id="1", success=True, data=msgspec.Raw(b'{"text":"kept"}'))
    body = msgspec.json.encode(answer)
    received = bytearray(b"before" + body + b"after")
    read = read_answer(memoryview(received)[6 : 6 + len(body)])
    received[:] = b"x" * len(received)
    assert msgspec.json.encode(read) == body
