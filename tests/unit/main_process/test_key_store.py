"""The key is where the person chose, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from main_process.key_store import KeyStore
from shared_contracts.errors import (
    KeyNotGivenError,
    KeyRingError,
    ProfileNotWritableError,
    SettingsInvalidError,
)
from tests.memory_ring import MemoryRing

KEY = "sk-0123456789"


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


def test_there_is_no_key_at_first(keys: KeyStore) -> None:
    assert (keys.read(None), keys.state(None)) == ("", "none")


def test_a_key_in_a_file_is_kept_replaced_and_forgotten(keys: KeyStore, tmp_path: Path) -> None:
    for key in (KEY, "another"):
        keys.write(key, "file", "file")
        assert (KeyStore(tmp_path).read(None), keys.state(None)) == (key, "file")
    keys.forget("file")
    keys.forget("file")
    assert (keys.read(None), keys.state(None)) == ("", "none")
    assert list(tmp_path.iterdir()) == []


def test_a_key_for_this_run_is_in_no_file_and_gone_with_it(keys: KeyStore, tmp_path: Path) -> None:
    keys.write(KEY, "session", None)
    assert (keys.read("session"), keys.state("session")) == (KEY, "session")
    assert list(tmp_path.iterdir()) == []
    assert KeyStore(tmp_path).state("session") == "asked"
    with pytest.raises(KeyNotGivenError):
        KeyStore(tmp_path).read("session")


def test_a_key_in_the_ring_is_there_at_the_next_start(
    keys: KeyStore, ring: MemoryRing, tmp_path: Path
) -> None:
    keys.write(KEY, "keyring", None)
    again = KeyStore(tmp_path)
    assert (again.read("keyring"), again.state("keyring")) == (KEY, "keyring")
    assert list(tmp_path.iterdir()) == []
    again.forget("keyring")
    assert ring.kept == {}


def test_the_ring_is_asked_once_for_each_run(keys: KeyStore, ring: MemoryRing) -> None:
    keys.write(KEY, "keyring", None)
    ring.refuses = True
    assert keys.read("keyring") == KEY


def test_each_profile_has_an_entry_of_its_own(ring: MemoryRing, tmp_path: Path) -> None:
    for name in ("one", "two"):
        KeyStore(tmp_path / name).write(name, "keyring", None)
    assert sorted(ring.kept.values()) == ["one", "two"]


def test_a_locked_ring_is_ai021_and_the_old_key_stays(keys: KeyStore, ring: MemoryRing) -> None:
    keys.write(KEY, "file", None)
    ring.refuses = True
    with pytest.raises(KeyRingError) as caught:
        keys.write("sk-2", "keyring", "file")
    assert "sk-2" not in str(caught.value)
    assert keys.read("file") == KEY


def test_only_its_owner_can_read_it_whatever_the_umask_was(keys: KeyStore, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys.write(KEY, "file", None)
    finally:
        os.umask(before)
    assert (tmp_path / "llm.key").stat().st_mode & 0o777 == 0o600


def test_a_file_left_over_from_a_crash_is_in_nobodys_way(keys: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "llm.new").write_text("half a k")
    (tmp_path / "llm.new").chmod(0o644)
    keys.write(KEY, "file", None)
    assert keys.read("file") == KEY
    assert [path.name for path in tmp_path.iterdir()] == ["llm.key"]
    assert (tmp_path / "llm.key").stat().st_mode & 0o777 == 0o600


def test_a_place_that_cannot_be_written_is_db005(tmp_path: Path) -> None:
    with pytest.raises(ProfileNotWritableError) as caught:
        KeyStore(tmp_path / "none").write(KEY, "file", None)
    assert KEY not in str(caught.value)


def test_a_file_that_cannot_be_read_is_cfg001(keys: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "llm.key").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsInvalidError):
        keys.read("file")
    (tmp_path / "llm.key").unlink()
    (tmp_path / "llm.key").mkdir()
    with pytest.raises(SettingsInvalidError):
        keys.read("file")
    with pytest.raises(ProfileNotWritableError):
        keys.forget("file")
