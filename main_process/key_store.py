"""Keeps the AI server's key in a file that only its owner can read."""

from __future__ import annotations

import os
from pathlib import Path

from shared_contracts.errors import ProfileNotWritableError, SettingsInvalidError
from shared_contracts.settings import KeyPlace

_MODE = 0o600


class KeyStore:
    """`llm.key` in the profile folder. The key is handed to the AI service only."""

    def __init__(self, profile: Path) -> None:
        self._path = profile / "llm.key"

    def read(self) -> str:
        """The key, empty if there is none. Raises SettingsInvalidError (CFG001)."""
        try:
            return self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            message = f"The stored key ({self._path.name}) can't be read: enter it anew."
            raise SettingsInvalidError(message, details={"file": self._path.name}) from error

    def place(self) -> KeyPlace:
        """Where the key is kept."""
        return "file" if self._path.exists() else "none"

    def write(self, key: str) -> None:
        """Replace the key; an empty one forgets it. Raises ProfileNotWritableError (DB005)."""
        try:
            if not key:
                self._path.unlink(missing_ok=True)
                return
            fresh = self._path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise ProfileNotWritableError(
                f"The key could not be stored: {error.strerror}.", details={"file": self._path.name}
            ) from error
