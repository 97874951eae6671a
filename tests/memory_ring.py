"""A key ring as the library keyring finds one, that forgets everything at the end."""

from __future__ import annotations

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class MemoryRing(KeyringBackend):
    """`refuses` as when nobody unlocks it, `hangs` as when nobody answers its dialog."""

    priority = 1
    name = "memory"

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.refuses = False
        self.hangs: threading.Event | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._wait()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._wait()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._wait()
        del self.kept[service, username]

    def _wait(self) -> None:
        if self.hangs:
            self.hangs.wait()
        if self.refuses:
            raise KeyringLocked
