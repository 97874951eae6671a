"""The system's key ring, asked with a deadline: it may show a dialog, or hang."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from shared_contracts.errors import KeyRingError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "interview-app"
PATIENCE_SECONDS = 60.0
"""A person may have to unlock it."""
_LOOK_SECONDS = 5.0
Found = TypeVar("Found")


class KeyRing:
    """One entry of the ring, named after the account; every call blocks."""

    def __init__(self, account: str) -> None:
        self._account = account

    def name(self) -> str:
        """The ring's name. Raises KeyRingError (AI021) where there is none."""
        return _in_time(lambda: _backend().name, _LOOK_SECONDS)

    def read(self) -> str:
        """The key, empty if there is none. Raises KeyRingError (AI021)."""
        kept = _in_time(lambda: _backend().get_password(SERVICE, self._account))
        return kept or ""

    def write(self, key: str) -> None:
        """Keep the key, in place of an older one. Raises KeyRingError (AI021)."""
        _in_time(lambda: _backend().set_password(SERVICE, self._account, key))

    def forget(self) -> None:
        """Raises KeyRingError (AI021)."""

        def work() -> None:
            ring = _backend()
            if ring.get_password(SERVICE, self._account) is not None:
                ring.delete_password(SERVICE, self._account)

        _in_time(work)


def _backend() -> KeyringBackend:
    """The ring that the library finds; one that it doesn't recommend keeps nothing safe."""
    import keyring

    ring = keyring.get_keyring()
    if ring.priority <= 0:
        raise KeyRingError("There is no key ring on this system.")
    return ring


def _in_time(work: Callable[[], Found], seconds: float | None = None) -> Found:
    """What the work returns.

    In a thread of its own, which a ring that hangs keeps for good: it must not keep the app open.
    """
    found: list[Found] = []
    failed: list[KeyRingError] = []

    def run() -> None:
        try:
            found.append(work())
        except KeyRingError as error:
            failed.append(error)
        except Exception as error:  # noqa: BLE001  each backend has errors of its own, as has D-Bus
            failed.append(KeyRingError(details={"reason": type(error).__name__}))

    thread = threading.Thread(target=run, name="key ring", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS if seconds is None else seconds)
    if failed:
        raise failed[0]
    if not found:
        raise KeyRingError("The system's key ring did not answer in time.")
    return found[0]
