"""Length-prefixed frames: four bytes of length, big-endian, then that many bytes of JSON."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from shared_contracts.envelope import MAX_FRAME_BYTES
from shared_contracts.errors import FrameTooLargeError

_LENGTH = struct.Struct(">I")


def frame(body: bytes) -> bytes:
    """The bytes to send for one message. Raises FrameTooLargeError (IPC004)."""
    if len(body) > MAX_FRAME_BYTES:
        raise FrameTooLargeError(details={"bytes": len(body), "limit": MAX_FRAME_BYTES})
    return _LENGTH.pack(len(body)) + body


class FrameReader:
    """Cuts a stream of bytes, in whatever pieces it arrives, back into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each message completed by `data`. Raises FrameTooLargeError as soon as a length
        says so.
        """
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._buffer)
            if size > MAX_FRAME_BYTES:
                raise FrameTooLargeError(details={"bytes": size, "limit": MAX_FRAME_BYTES})
            end = _LENGTH.size + size
            if len(self._buffer) < end:
                return
            body = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            yield body
