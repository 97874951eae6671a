"""Whatever pieces a stream arrives in, the same messages come out of it."""

from __future__ import annotations

import itertools
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_contracts.envelope import MAX_FRAME_BYTES
from shared_contracts.errors import FrameTooLargeError
from shared_contracts.framing import FrameReader, frame


@given(st.lists(st.binary(max_size=300), max_size=20), st.data())
def test_any_messages_in_any_pieces_come_back(messages: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(frame, messages))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=30).map(sorted))
    reader = FrameReader()
    edges = [0, *cuts, len(stream)]
    pieces = [stream[a:b] for a, b in itertools.pairwise(edges)]
    assert [message for piece in pieces for message in reader.feed(piece)] == messages


def test_the_largest_message_goes_through_and_one_byte_more_does_not() -> None:
    largest = b"x" * MAX_FRAME_BYTES
    assert list(FrameReader().feed(frame(largest))) == [largest]
    with pytest.raises(FrameTooLargeError) as caught:
        frame(largest + b"x")
    assert caught.value.details == {"bytes": MAX_FRAME_BYTES + 1, "limit": MAX_FRAME_BYTES}


@given(st.integers(MAX_FRAME_BYTES + 1, 2**32 - 1), st.binary(max_size=20))
def test_too_long_a_message_is_refused_before_it_arrives(size: int, begun: bytes) -> None:
    with pytest.raises(FrameTooLargeError):
        list(FrameReader().feed(struct.pack(">I", size) + begun))


def test_what_came_before_a_message_that_is_too_long_is_kept() -> None:
    messages = FrameReader().feed(frame(b"whole") + b"\xff" * 4)
    assert next(messages) == b"whole"
    with pytest.raises(FrameTooLargeError):
        next(messages)
