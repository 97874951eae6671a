"""The files that recordings lie in: plain samples, so that every part of one is whole.

A WAV file's head says how long it is, and would be wrong after a crash; here it is made when
somebody reads.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from shared_contracts.errors import SoundDeletedError
from shared_contracts.recordings import BYTES_PER_MS, SAMPLE_RATE, Sound

_SAMPLE_BYTES = 2
_WAV = struct.Struct("<4sI4s4sIHHIIHH4sI")
_AFTER_SIZE = _WAV.size - 8


class SoundFolder:
    """The folder of a profile's recordings; only its owner may enter it."""

    def __init__(self, profile: Path) -> None:
        self.path = profile / "recordings"

    def create(self, recording_id: UUID) -> int:
        """Make a new recording's file and open it to be written. Raises OSError."""
        self.path.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        return os.open(self._file(recording_id), flags, 0o600)

    def duration_ms(self, recording_id: UUID) -> int:
        """How much of it is on the disk; 0 if nothing is."""
        try:
            return self._file(recording_id).stat().st_size // BYTES_PER_MS
        except FileNotFoundError:
            return 0

    def pcm(self, recording_id: UUID, start_ms: int, end_ms: int) -> bytes:
        """The samples of this part of it. Raises SoundDeletedError (MIC015)."""
        try:
            with self._file(recording_id).open("rb") as file:
                file.seek(start_ms * BYTES_PER_MS)
                return _whole(file.read((end_ms - start_ms) * BYTES_PER_MS))
        except FileNotFoundError as error:
            raise SoundDeletedError from error

    def wav(self, recording_id: UUID, offset: int, length: int) -> Sound:
        """Bytes of it as a WAV file. Raises SoundDeletedError (MIC015)."""
        try:
            with self._file(recording_id).open("rb") as file:
                size = os.fstat(file.fileno()).st_size // _SAMPLE_BYTES * _SAMPLE_BYTES
                head = wav_head(size)[offset : offset + length]
                file.seek(max(0, offset - _WAV.size))
                end = min(offset + length, _WAV.size + size)
                body = file.read(max(0, end - max(offset, _WAV.size)))
        except FileNotFoundError as error:
            raise SoundDeletedError from error
        return Sound(data=head + body, total_bytes=_WAV.size + size)

    def delete(self, recording_id: UUID) -> None:
        """Remove it, if it is there. Raises OSError."""
        self._file(recording_id).unlink(missing_ok=True)

    def all(self) -> Iterator[UUID]:
        """The recordings that have a file."""
        for path in self.path.glob("*.pcm"):
            with contextlib.suppress(ValueError):
                yield UUID(path.stem)

    def _file(self, recording_id: UUID) -> Path:
        return self.path / f"{recording_id}.pcm"


def append(file: int, pcm: bytes) -> None:
    """Write all of it and have it on the disk. Raises OSError."""
    left = memoryview(pcm)
    while left:
        left = left[os.write(file, left) :]
    os.fdatasync(file)


def wav_head(size: int) -> bytes:
    """What a WAV file of `size` bytes of samples begins with."""
    rate = SAMPLE_RATE * _SAMPLE_BYTES
    form = (16, 1, 1, SAMPLE_RATE, rate, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES)
    return _WAV.pack(b"RIFF", _AFTER_SIZE + size, b"WAVE", b"fmt ", *form, b"data", size)


def _whole(pcm: bytes) -> bytes:
    """A crash may have torn the last sample."""
    return pcm[: len(pcm) // _SAMPLE_BYTES * _SAMPLE_BYTES]
