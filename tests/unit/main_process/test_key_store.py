"""The key lies in a file that only its owner can read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from main_process.key_store import KeyStore
from shared_contracts.errors import ProfileNotWritableError, SettingsInvalidError

KEY = "sk-0123456789"


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path)


def test_there_is_no_key_at_first(keys: KeyStore) -> None:
    assert (keys.read(), keys.place()) == ("", "none")


def test_a_key_is_kept_replaced_and_forgotten(keys: KeyStore, tmp_path: Path) -> None:
    for key in (KEY, "another"):
        keys.write(key)
        assert (KeyStore(tmp_path).read(), keys.place()) == (key, "file")
    keys.write("")
    keys.write("")
    assert (keys.read(), keys.place()) == ("", "none")
    assert list(tmp_path.iterdir()) == []


def test_only_its_owner_can_read_it_whatever_the_umask_was(keys: KeyStore, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys.write(KEY)
    finally:
        os.umask(before)
    assert (tmp_path / "llm.key").stat().st_mode & 0o777 == 0o600


def test_a_file_left_over_from_a_crash_is_in_nobodys_way(keys: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "llm.new").write_text("half a k")
    (tmp_path / "llm.new").chmod(0o644)
    keys.write(KEY)
    assert keys.read() == KEY
    assert [path.name for path in tmp_path.iterdir()] == ["llm.key"]
    assert (tmp_path / "llm.key").stat().st_mode & 0o777 == 0o600


def test_a_place_that_cannot_be_written_is_db005(tmp_path: Path) -> None:
    with pytest.raises(ProfileNotWritableError) as caught:
        KeyStore(tmp_path / "none").write(KEY)
    assert KEY not in str(caught.value)


def test_a_file_that_cannot_be_read_is_cfg001(keys: KeyStore, tmp_path: Path) -> None:
    (tmp_path / "llm.key").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsInvalidError):
        keys.read()
    (tmp_path / "llm.key").unlink()
    (tmp_path / "llm.key").mkdir()
    with pytest.raises(SettingsInvalidError):
        keys.read()
