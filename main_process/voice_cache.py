"""Questions that were read aloud once, so that they are spoken only once."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from shared_contracts.errors import VoiceMissingError
from shared_contracts.recordings import Sound

MAX_BYTES = 64 * 1024 * 1024
"""About 22 minutes of speech; what was heard the longest ago goes first."""
VERSION = "1"
"""Another voice, or way to speak, gets another one."""


class VoiceCache:
    """WAV files in the profile, by what is said in them."""

    def __init__(
        self, profile: Path, speak: Callable[[str], Awaitable[bytes]], max_bytes: int = MAX_BYTES
    ) -> None:
        self._folder = profile / "voice"
        self._speak = speak
        self._max_bytes = max_bytes
        self._turn = asyncio.Lock()

    async def read(self, text: str, offset: int, length: int) -> Sound:
        """Bytes of the file in which `text` is read aloud. Raises what speaking it raises.

        Raises VoiceMissingError (AI012) also when the file can't be written.
        """
        path = self._folder / f"{hashlib.sha256(f'{VERSION} {text}'.encode()).hexdigest()}.wav"
        try:
            async with self._turn:
                if not path.exists():
                    await asyncio.to_thread(self._keep, path, await self._speak(text))
            return await asyncio.to_thread(_read, path, offset, length)
        except OSError as error:
            raise VoiceMissingError(f"No voice: {error.strerror}.") from error

    def is_filled(self) -> bool:
        """Whether anything is remembered."""
        return self._folder.exists()

    def clear(self) -> None:
        """Forget all of it. Raises OSError."""
        if self.is_filled():
            shutil.rmtree(self._folder)

    def _keep(self, path: Path, wav: bytes) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        files = sorted(self._folder.glob("*.wav"), key=lambda file: file.stat().st_mtime_ns)
        room = self._max_bytes - len(wav) - sum(file.stat().st_size for file in files)
        for old in files:
            if room >= 0:
                break
            room += old.stat().st_size
            old.unlink()
        new = path.with_suffix(".new")
        new.write_bytes(wav)
        new.replace(path)


def _read(path: Path, offset: int, length: int) -> Sound:
    with path.open("rb") as file:
        heard = time.time_ns()  # The system's own stamp would be too coarse to order them.
        os.utime(file.fileno(), ns=(heard, heard))
        file.seek(offset)
        return Sound(data=file.read(length), total_bytes=path.stat().st_size)
