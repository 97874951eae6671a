"""Settings are told with the place of the key, never with the key."""

from __future__ import annotations

import msgspec
import pytest

from main_process.handlers import settings
from main_process.services import Services
from shared_contracts.errors import ConflictError, ValidationFailedError
from shared_contracts.settings import AppSettings, GetSettings, SaveSettings

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
    saved = await settings.save(app, SaveSettings(api_key=f"  {KEY}\n"))
    assert saved.llm_key == "file"
    assert app.keys.read() == KEY
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
    assert app.keys.read() == KEY


async def test_settings_that_changed_meanwhile_are_db006_with_what_they_are_and_keep_their_key(
    app: Services,
) -> None:
    await settings.save(app, SaveSettings(theme="dark", api_key=KEY, revision=0))
    with pytest.raises(ConflictError) as caught:
        await settings.save(app, SaveSettings(theme="light", api_key="", revision=0))
    current = await settings.get(app, GetSettings())
    assert caught.value.details == {"revision": 1, "current": current}
    assert (current.theme, current.llm_key) == ("dark", "file")
    assert (await settings.save(app, SaveSettings(theme="light", revision=1))).revision == 2
