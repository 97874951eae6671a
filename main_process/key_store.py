"""Keeps the AI server's key where the person chose: key ring, private file, or this run alone."""

from __future__ import annotations

import os
from pathlib import Path

from main_process.key_ring import KeyRing
from shared_contracts.errors import (
    KeyNotGivenError,
    ProfileNotWritableError,
    SettingsInvalidError,
)
from shared_contracts.settings import KeyPlace, KeyState

_MODE = 0o600


class KeyStore:
    """The key of a profile, handed to the AI service only. Where it was kept last is for the caller
    to remember; a key that was read stays in memory, so that a ring need not ask again.
    """

    def __init__(self, profile: Path) -> None:
        self._path = profile / "llm.key"
        self._ring = KeyRing(str(profile.resolve()))
        self._held = ""

    def ring(self) -> str:
        """The name of the system's key ring. Blocks; raises KeyRingError (AI021) without one."""
        return self._ring.name()

    def state(self, place: KeyPlace | None) -> KeyState:
        """Where the key is, if it was kept at this place last."""
        if self._path.exists():
            return "file"
        if place == "session":
            return "session" if self._held else "asked"
        return "keyring" if place == "keyring" else "none"

    def read(self, place: KeyPlace | None) -> str:
        """The key, empty if there is none. Blocks.

        Raises SettingsInvalidError (CFG001), KeyNotGivenError (AI020) or KeyRingError (AI021).
        """
        state = self.state(place)
        if state == "asked":
            raise KeyNotGivenError
        if state == "file":
            return self._read_file()
        if state == "keyring" and not self._held:
            self._held = self._ring.read()
        return self._held

    def write(self, key: str, place: KeyPlace, before: KeyPlace | None) -> None:
        """Keep the key here and nowhere else any more. Blocks.

        Raises ProfileNotWritableError (DB005) or KeyRingError (AI021); then all is as it was.
        """
        if place == "keyring":
            self._ring.write(key)
        if place == "file":
            self._write_file(key)
        else:
            self._remove_file()
        self._held = "" if place == "file" else key
        if before == "keyring" and place != "keyring":
            self._ring.forget()

    def forget(self, place: KeyPlace | None) -> None:
        """Keep no key any more. Blocks; raises DB005 or AI021 for what stays."""
        self._held = ""
        self._remove_file()
        if place == "keyring":
            self._ring.forget()

    def _read_file(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"The stored key ({self._path.name}) can't be read: enter it anew."
            raise SettingsInvalidError(message, details={"file": self._path.name}) from error

    def _remove_file(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise self._not_stored(error) from error

    def _write_file(self, key: str) -> None:
        try:
            fresh = self._path.with_suffix(".new")
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise self._not_stored(error) from error

    def _not_stored(self, error: OSError) -> ProfileNotWritableError:
        message = f"The key could not be stored: {error.strerror}."
        return ProfileNotWritableError(message, details={"file": self._path.name})
