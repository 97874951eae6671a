"""Frames: how messages lie in the stream of bytes between two processes.

A frame is four bytes of length, big-endian, one byte of kind, and that many bytes. A message that
is longer than a frame travels in parts, and short ones may overtake it between two of them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum

from shared_contracts.envelope import MAX_MESSAGE_BYTES, Encoded
from shared_contracts.errors import FrameTooLargeError, UnknownFrameError

FRAME_BYTES = 128 * 1024
"""The longest a frame may be, its head not counted: so short messages wait little for long ones."""
_BUFFER_BYTES = 2 * FRAME_BYTES
_HEAD = struct.Struct(">IB")
_HEAD_BYTES = _HEAD.size
pack_head = _HEAD.pack
"""What goes before a body: of its length, which is at most FRAME_BYTES, and its kind."""
_unpack_head = _HEAD.unpack_from
_PART_HEAD = struct.Struct(">IBI")
_LEFT = struct.Struct(">I")
_PART_BYTES = FRAME_BYTES - _LEFT.size


class FrameKind(IntEnum):
    """What a frame holds. One of any other kind is answered with IPC009 and skipped."""

    MESSAGE = 1
    """A request, a response or an event: JSON."""
    PART = 2
    """The next piece of a long message, after four bytes: how much of it is left, this included."""
    CONTROL = 3
    """About the connection itself, such as taking a request back: JSON."""
    BINARY = 4
    """A piece of recorded sound, as `recordings.Piece` says; nobody answers."""


MESSAGE = int(FrameKind.MESSAGE)
"""A plain number is compared in a fifth of the time."""
_PART = int(FrameKind.PART)
Frame = tuple[int, memoryview]
"""A kind, which may be none of ours, and a body, which is good until more is received.

A message that came in parts is one again.
"""


def frame(body: bytes, kind: FrameKind = FrameKind.MESSAGE) -> bytes:
    """All the bytes to send for `body`. Raises FrameTooLargeError (IPC004)."""
    if len(body) <= FRAME_BYTES:
        return pack_head(len(body), kind) + body
    check_size(body)
    return b"".join(_parts(body))


def check_size(body: Encoded) -> None:
    """Raise FrameTooLargeError (IPC004) for what no connection carries."""
    if len(body) > MAX_MESSAGE_BYTES:
        raise FrameTooLargeError(details={"bytes": len(body), "limit": MAX_MESSAGE_BYTES})


def part(left: memoryview) -> tuple[bytes, memoryview]:
    """The next part of a message of which this is `left`: the frame's head and its bytes."""
    piece = left[:_PART_BYTES]
    return _PART_HEAD.pack(len(piece) + _LEFT.size, FrameKind.PART, len(left)), piece


def _parts(body: bytes) -> Iterator[bytes | memoryview]:
    left = memoryview(body)
    while left:
        head, piece = part(left)
        yield head
        yield piece
        left = left[len(piece) :]


class FrameReader:
    """Cuts a stream of bytes, in whatever pieces it arrives, back into frames.

    The bytes are received into `free()` and announced by moving `end`; `take()` gives what is
    complete. Its memory is one buffer and at most one message in parts.
    """

    def __init__(self) -> None:
        self._bytes = memoryview(bytearray(_BUFFER_BYTES))
        self._start = 0
        self.end = 0
        """Up to where the buffer is filled; who puts bytes into `free()` moves it."""
        self.is_empty = True
        """Whether nothing was left when a frame was taken last."""
        self._message = bytearray()
        self._missing = 0

    def free(self, _: int = 0) -> memoryview:
        """Where to receive to; never empty once all that was complete has been taken."""
        if self._start == self.end:
            self._start = self.end = 0
            return self._bytes
        if self._start and len(self._bytes) - self.end < FRAME_BYTES:
            kept = self.end - self._start
            self._bytes[:kept] = bytes(self._bytes[self._start : self.end])
            self._start, self.end = 0, kept
        return self._bytes[self.end :]

    def take(self) -> Frame | None:
        """The next whole frame; None until more bytes have come.

        Raises FrameTooLargeError (IPC004) and UnknownFrameError (IPC009) for what can't be read on
        from: a length over the limit, a part that doesn't continue the message begun.
        """
        while True:
            begin = self._start + _HEAD_BYTES
            if begin > self.end:
                return None
            size, kind = _unpack_head(self._bytes, self._start)
            if size > FRAME_BYTES:
                raise FrameTooLargeError(details={"bytes": size, "limit": FRAME_BYTES})
            end = begin + size
            if end > self.end:
                return None
            self._start = end
            self.is_empty = end == self.end
            if kind != _PART:
                return kind, self._bytes[begin:end]
            if message := self._join(self._bytes[begin:end]):
                return MESSAGE, memoryview(message)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each message completed by `data`, for those who are sent nothing else.

        Raises what `take` raises, and UnknownFrameError (IPC009) for any other kind of frame.
        """
        left = memoryview(data)
        while left:
            room = self.free()
            count = min(len(room), len(left))
            room[:count] = left[:count]
            self.end += count
            left = left[count:]
            while found := self.take():
                if found[0] != FrameKind.MESSAGE:
                    raise UnknownFrameError(details={"kind": found[0]})
                yield bytes(found[1])

    def _join(self, part: memoryview) -> bytearray | None:
        """The message, when this was its last part."""
        if len(part) <= _LEFT.size:
            raise UnknownFrameError(details={"kind": FrameKind.PART, "bytes": len(part)})
        (left,) = _LEFT.unpack_from(part)
        piece = part[_LEFT.size :]
        if not self._missing:
            if left > MAX_MESSAGE_BYTES:
                raise FrameTooLargeError(details={"bytes": left, "limit": MAX_MESSAGE_BYTES})
            self._message = bytearray(left)
            self._missing = left
        if left != self._missing or len(piece) > left:
            raise UnknownFrameError(details={"kind": FrameKind.PART, "left": left})
        at = len(self._message) - left
        self._message[at : at + len(piece)] = piece
        self._missing -= len(piece)
        if self._missing:
            return None
        message, self._message = self._message, bytearray()
        return message
