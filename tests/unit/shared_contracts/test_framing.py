"""Whatever pieces a stream arrives in, the same frames come out of it, in bounded memory."""

from __future__ import annotations

import itertools
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_contracts.envelope import MAX_MESSAGE_BYTES
from shared_contracts.errors import AppError, FrameTooLargeError, UnknownFrameError
from shared_contracts.framing import FRAME_BYTES, FrameKind, FrameReader, frame, part

PART = 2


def read(reader: FrameReader, data: bytes) -> list[tuple[int, bytes]]:
    """All frames completed by `data`."""
    frames: list[tuple[int, bytes]] = []
    while data:
        free = reader.free()
        count = min(len(free), len(data))
        free[:count] = data[:count]
        reader.end += count
        data = data[count:]
        while found := reader.take():
            frames.append((found[0], bytes(found[1])))
    return frames


def raw(kind: int, body: bytes) -> bytes:
    return struct.pack(">IB", len(body), kind) + body


def part_of(left: int, piece: bytes) -> bytes:
    return raw(PART, struct.pack(">I", left) + piece)


@given(st.lists(st.binary(max_size=300), max_size=20), st.data())
def test_any_messages_in_any_pieces_come_back(messages: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(frame, messages))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=30).map(sorted))
    reader = FrameReader()
    edges = [0, *cuts, len(stream)]
    pieces = [stream[a:b] for a, b in itertools.pairwise(edges)]
    assert [message for piece in pieces for message in reader.feed(piece)] == messages


@settings(max_examples=20)
@given(st.lists(st.integers(0, 5) | st.integers(-5, 400_000).map(abs), max_size=8), st.data())
def test_long_messages_come_back_whole(lengths: list[int], data: st.DataObject) -> None:
    messages = [bytes([number]) * length for number, length in enumerate(lengths)]
    stream = b"".join(map(frame, messages))
    size = data.draw(st.integers(1_000, 300_000))
    reader = FrameReader()
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [message for piece in pieces for message in reader.feed(piece)] == messages


@given(st.integers(0, 255).filter(lambda kind: kind != PART), st.binary(max_size=50))
def test_a_kind_is_passed_on_whatever_it_is(kind: int, body: bytes) -> None:
    assert read(FrameReader(), raw(kind, body)) == [(kind, body)]


def test_short_messages_may_come_between_the_parts_of_a_long_one() -> None:
    stream = part_of(3, b"ab") + frame(b"short") + raw(FrameKind.CONTROL, b"x") + part_of(1, b"c")
    assert read(FrameReader(), stream) == [(1, b"short"), (3, b"x"), (1, b"abc")]


def test_no_frame_is_longer_than_its_limit() -> None:
    left = memoryview(b"x" * 1_000_000)
    head, piece = part(left)
    assert len(head) + len(piece) == 5 + FRAME_BYTES
    assert len(frame(b"x" * FRAME_BYTES)) == 5 + FRAME_BYTES
    assert frame(b"x" * (FRAME_BYTES + 1))[4] == PART


def test_the_largest_message_goes_through_and_one_byte_more_does_not() -> None:
    largest = b"x" * MAX_MESSAGE_BYTES
    assert list(FrameReader().feed(frame(largest))) == [largest]
    with pytest.raises(FrameTooLargeError) as caught:
        frame(largest + b"x")
    assert caught.value.details == {"bytes": MAX_MESSAGE_BYTES + 1, "limit": MAX_MESSAGE_BYTES}


@given(st.integers(FRAME_BYTES + 1, 2**32 - 1), st.binary(min_size=1, max_size=20))
def test_too_long_a_frame_is_refused_before_it_arrives(size: int, begun: bytes) -> None:
    with pytest.raises(FrameTooLargeError):
        read(FrameReader(), struct.pack(">I", size) + begun)


@given(st.integers(MAX_MESSAGE_BYTES + 1, 2**32 - 1))
def test_too_long_a_message_is_refused_at_its_first_part(size: int) -> None:
    with pytest.raises(FrameTooLargeError):
        read(FrameReader(), part_of(size, b"x"))


@pytest.mark.parametrize(
    "stream",
    [
        part_of(1, b""),
        raw(PART, b""),
        part_of(1, b"xx"),
        part_of(0, b"x"),
        part_of(4, b"xx") + part_of(3, b"x"),
        part_of(4, b"xx") + part_of(4, b"x"),
        part_of(4, b"xx") + part_of(2, b"xxx"),
    ],
)
def test_a_part_that_continues_nothing_is_refused(stream: bytes) -> None:
    with pytest.raises(UnknownFrameError):
        read(FrameReader(), stream)


def test_what_came_before_a_message_that_is_too_long_is_kept() -> None:
    messages = FrameReader().feed(frame(b"whole") + b"\xff" * 5)
    assert next(messages) == b"whole"
    with pytest.raises(FrameTooLargeError):
        next(messages)


def test_who_is_only_sent_messages_refuses_all_else() -> None:
    with pytest.raises(UnknownFrameError):
        list(FrameReader().feed(raw(FrameKind.BINARY, b"x")))


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_whatever_bytes_come_there_are_frames_or_a_code(pieces: list[bytes]) -> None:
    reader = FrameReader()
    code = "none"
    try:
        for piece in pieces:
            read(reader, piece)
    except AppError as error:
        code = error.code
    assert code in {"none", "IPC004", "IPC009"}
