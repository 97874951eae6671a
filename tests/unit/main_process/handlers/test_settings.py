"""Settings are told with the place of the key, never with the key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from main_process.handlers import settings
from main_process.services import Services
from shared_contracts.errors import ConflictError, KeyRingError, ValidationFailedError
from shared_contracts.settings import (
    AppSettings,
    GetKeyPlaces,
    GetSettings,
    KeyPlace,
    KeyPlaces,
    SaveSettings,
)
from tests.memory_ring import MemoryRing

KEY = "sk-0123456789"


async def test_defaults_are_told_until_something_is_changed(app: Services) -> None:
    assert await settings.get(app, GetSettings()) == AppSettings()


async def test_a_change_is_told_and_counts(app: Services) -> None:
    change = SaveSettings(theme="dark", evaluator="llm", llm_base_url="https://ai.example/v1")
    saved = await settings.save(app, change)
    assert saved == await settings.get(app, GetSettings())
    assert (saved.theme, saved.evaluator, saved.llm_model) == ("dark", "llm", "")
    assert saved.revision == 1


async def test_the_key_goes_in_and_only_its_place_comes_out(app: Services) -> None:
    saved = await settings.save(app, SaveSettings(api_key=f"  {KEY}\n", key_place="file"))
    assert saved.llm_key == "file"
    assert app.keys.read("file") == KEY
    assert KEY.encode() not in msgspec.json.encode(saved)
    assert (await settings.save(app, SaveSettings(theme="light"))).llm_key == "file"
    assert (await settings.save(app, SaveSettings(api_key=""))).llm_key == "none"


@pytest.mark.parametrize("key", ["schlüssel", "sk-1\nX-Header: 2", "sk-\0"])
async def test_what_no_header_can_carry_is_no_key(app: Services, key: str) -> None:
    await settings.save(app, SaveSettings(api_key=KEY))
    with pytest.raises(ValidationFailedError) as caught:
        await settings.save(app, SaveSettings(api_key=key))
    assert caught.value.details["field"] == "api_key"
    assert key not in str(caught.value)
    assert app.keys.read("session") == KEY


async def test_settings_that_changed_meanwhile_are_db006_with_what_they_are_and_keep_their_key(
    app: Services,
) -> None:
    await settings.save(app, SaveSettings(theme="dark", api_key=KEY, revision=0))
    with pytest.raises(ConflictError) as caught:
        await settings.save(app, SaveSettings(theme="light", api_key="", revision=0))
    current = await settings.get(app, GetSettings())
    assert caught.value.details == {"revision": 2, "current": current}
    assert (current.theme, current.llm_key) == ("dark", "session")
    assert (await settings.save(app, SaveSettings(theme="light", revision=2))).revision == 3


async def test_a_key_moves_from_place_to_place_and_is_in_one_only(
    app: Services, ring: MemoryRing, tmp_path: Path
) -> None:
    async def keep(place: KeyPlace) -> str:
        return (await settings.save(app, SaveSettings(api_key=KEY, key_place=place))).llm_key

    assert await keep("keyring") == "keyring"
    assert list(ring.kept.values()) == [KEY]
    assert not (tmp_path / "llm.key").exists()
    assert await keep("file") == "file"
    assert ring.kept == {}
    assert (tmp_path / "llm.key").read_text() == KEY
    assert await keep("session") == "session"
    assert not (tmp_path / "llm.key").exists()


async def test_without_a_place_a_new_key_goes_where_the_last_one_was(
    app: Services, ring: MemoryRing
) -> None:
    await settings.save(app, SaveSettings(api_key=KEY, key_place="keyring"))
    assert (await settings.save(app, SaveSettings(api_key="sk-2"))).llm_key == "keyring"
    assert list(ring.kept.values()) == ["sk-2"]
    assert (await settings.save(app, SaveSettings(api_key=""))).llm_key == "none"
    assert ring.kept == {}


async def test_a_key_for_one_run_is_asked_for_in_the_next(
    app: Services, open_again: Callable[[], Awaitable[Services]]
) -> None:
    await settings.save(app, SaveSettings(api_key=KEY, key_place="session"))
    again = await open_again()
    assert (await settings.get(again, GetSettings())).llm_key == "asked"


async def test_a_ring_that_refuses_leaves_the_key_where_it_was(
    app: Services, ring: MemoryRing
) -> None:
    await settings.save(app, SaveSettings(api_key=KEY, key_place="file"))
    ring.refuses = True
    with pytest.raises(KeyRingError):
        await settings.save(app, SaveSettings(api_key="sk-2", key_place="keyring"))
    assert (await settings.get(app, GetSettings())).llm_key == "file"
    assert app.keys.read("file") == KEY


async def test_the_ring_is_named_and_its_absence_explained(app: Services, ring: MemoryRing) -> None:
    assert (await settings.key_places(app, GetKeyPlaces())).keyring == "memory"
    ring.priority = 0
    places = await settings.key_places(app, GetKeyPlaces())
    assert places == KeyPlaces(why_not="There is no key ring on this system.")
