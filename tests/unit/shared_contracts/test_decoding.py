"""What is wrong with a message is said by field, value and reason, for whatever message."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from shared_contracts.contract import Contract
from shared_contracts.decoding import decode, id_of
from shared_contracts.errors import ValidationFailedError


class Point(Contract):
    """A part of the message."""

    name: Annotated[str, Meta(max_length=5)]


class Plan(Contract):
    """The message."""

    points: tuple[Point, ...] = ()
    limit: Annotated[int, Meta(ge=1)] = 1
    names: dict[str, int] = msgspec.field(default_factory=dict)


DECODER = msgspec.json.Decoder(Plan)


def details(body: bytes) -> Any:  # noqa: ANN401
    with pytest.raises(ValidationFailedError) as raised:
        decode(DECODER, body)
    return raised.value.details


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        (b'{"limit": 0}', "limit", "0"),
        (b'{"limit": "many"}', "limit", '"many"'),
        (b'{"points": [{"name": "fine"}, {"name": "too long"}]}', "points[1].name", '"too long"'),
        (b'{"points": [{}]}', "points[0].name", None),
        (b'{"points": [{"name": "x", "more": {"a": 1}}]}', "points[0].more", '{"a":1}'),
        (b'{"colour": "red"}', "colour", '"red"'),
        (b'{"names": {"a.b": "one"}}', "names[...]", '{"a.b":"one"}'),
        (b'{"limit": null}', "limit", "null"),
        (b"[1]", "", "[1]"),
        (b'{"limit": ', "", None),
        (b'{"limit": "\xff"}', "limit", None),
        (b'{"limit": ' + b"[" * 100_000, "limit", None),
    ],
)
def test_the_field_and_its_value_are_named(body: bytes, field: str, value: str | None) -> None:
    found = details(body)
    assert (found["field"], found.get("value")) == (field, value)
    assert found["reason"]


def test_a_long_value_is_shortened() -> None:
    value = details(b'{"limit": "' + b"x" * 1_000 + b'"}')["value"]
    assert value == '"' + "x" * 59 + "…"


def test_what_is_right_is_decoded() -> None:
    assert decode(DECODER, b'{"limit": 3}') == Plan(limit=3)
    assert decode(DECODER, msgspec.Raw(b'{"limit": 3}')) == Plan(limit=3)
    assert decode(DECODER, bytearray(b'{"limit": 3}')) == Plan(limit=3)


@given(st.binary(max_size=100) | st.text(max_size=100).map(str.encode))
def test_whatever_comes_is_decoded_or_val001(body: bytes) -> None:
    try:
        found: object = decode(DECODER, body)
    except ValidationFailedError as error:
        found = error
    is_explained = isinstance(found, ValidationFailedError) and "reason" in found.details
    assert is_explained or isinstance(found, Plan)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"timestamp": 1, "id": "7", "channel": 3}', "7"),
        (b'{"id":"7","payload":' + b"[" * 100_000, "7"),
        (b' { "id" : "7", "payload": "\\ud800"}', "7"),
        (b'{"id":"7","payload":', "7"),
        (b'{"id":"\xff","payload":', ""),
        (b'{"id":7,"payload":{}}', ""),
        (b'{"payload":{"id":"7"', ""),
        (b'{"id":"' + b"7" * 65 + b'"', ""),
        (b"", ""),
    ],
)
def test_whom_to_answer_is_found_where_it_can_be(body: bytes, found: str) -> None:
    assert id_of(memoryview(body)) == found
