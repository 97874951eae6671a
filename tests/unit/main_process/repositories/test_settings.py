"""Settings are defaults until something is changed, and a change leaves the rest."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from main_process.repositories.settings import StoredSettings
from main_process.services import Services
from shared_contracts.settings import SaveSettings
from tests import steps

KEY = "sk-not-for-the-database"


async def save(app: Services, change: SaveSettings) -> None:
    await app.database.write(partial(app.settings.save, change=change))


async def test_nothing_is_stored_until_something_is_changed(app: Services) -> None:
    assert await app.database.read(app.settings.get) == (StoredSettings(), 0)


async def test_a_change_leaves_the_rest_and_counts(app: Services) -> None:
    await save(app, SaveSettings(theme="dark", llm_model="a-model"))
    await save(app, SaveSettings(evaluator="llm"))
    await save(app, SaveSettings(llm_model=""))
    stored, revision = await app.database.read(app.settings.get)
    since = stored.llm_since
    assert since > 0
    assert stored == StoredSettings(theme="dark", evaluator="llm", llm_model="", llm_since=since)
    assert revision == 3


async def test_the_key_never_gets_into_the_database(app: Services, tmp_path: Path) -> None:
    await save(app, SaveSettings(theme="dark", api_key=KEY))
    assert not steps.is_on_disk(KEY, tmp_path)


async def test_a_setting_of_a_newer_version_does_not_stop_this_one(
    app: Services, tmp_path: Path
) -> None:
    await save(app, SaveSettings(theme="dark"))
    with closing(sqlite3.connect(tmp_path / "interview.db", isolation_level=None)) as plain:
        plain.execute("""UPDATE settings SET body = '{"theme": "light", "sound": "loud"}'""")
    stored, _ = await app.database.read(app.settings.get)
    assert stored == StoredSettings(theme="light")
