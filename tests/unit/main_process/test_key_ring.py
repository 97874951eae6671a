"""Whatever the system's key ring does, there is a key or an error with a code, in time."""

from __future__ import annotations

import threading

import pytest

from main_process import key_ring
from main_process.key_ring import KeyRing
from shared_contracts.errors import KeyRingError
from tests.memory_ring import MemoryRing


def test_a_key_is_kept_replaced_and_forgotten(ring: MemoryRing) -> None:
    entry = KeyRing("me")
    assert (entry.name(), entry.read()) == ("memory", "")
    entry.write("one")
    entry.write("two")
    assert entry.read() == "two"
    entry.forget()
    entry.forget()
    assert (entry.read(), ring.kept) == ("", {})


def test_a_system_without_a_ring_says_so(ring: MemoryRing) -> None:
    ring.priority = 0
    with pytest.raises(KeyRingError, match="no key ring"):
        KeyRing("me").name()


def test_a_ring_that_nobody_unlocks_is_ai021_without_the_key(ring: MemoryRing) -> None:
    ring.refuses = True
    with pytest.raises(KeyRingError) as caught:
        KeyRing("me").write("sk-secret")
    assert caught.value.details == {"reason": "KeyringLocked"}


def test_a_ring_that_hangs_is_left_in_time(
    ring: MemoryRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.hangs = threading.Event()
    monkeypatch.setattr(key_ring, "PATIENCE_SECONDS", 0.05)
    with pytest.raises(KeyRingError, match="in time"):
        KeyRing("me").read()
    ring.hangs.set()
