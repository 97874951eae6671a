"""The person's own model comes first; the package's has to be the one we know."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ai_service.models import NEEDED, WHISPER, find
from shared_contracts.errors import SpeechModelMissingError


def test_the_packages_model_is_the_one_we_know() -> None:
    found = find(None)
    assert found.name == "whisper tiny.en"
    assert (found.folder / "model.bin").is_file()
    assert find(Path("/nonexistent")) == found


def test_a_persons_own_model_comes_first(tmp_path: Path) -> None:
    own = tmp_path / "mine"
    own.mkdir()
    for name in NEEDED:
        (own / name).touch()
    assert find(own) == (own, "your own (mine)")


def test_half_a_model_of_ones_own_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpeechModelMissingError, match=r"has no config\.json"):
        find(tmp_path)


def test_a_file_that_was_changed_is_refused() -> None:
    changed = replace(WHISPER, sums=(("config.json", "0" * 64),))
    with pytest.raises(SpeechModelMissingError, match="not the one"):
        find(None, changed)


def test_a_package_that_isnt_there_is_said() -> None:
    with pytest.raises(SpeechModelMissingError, match="not installed"):
        find(None, replace(WHISPER, package="no_such_package"))
