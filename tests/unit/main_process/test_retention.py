"""Sound goes when it is older than the person wants it kept."""

from __future__ import annotations

import asyncio

import pytest

from main_process import retention
from main_process.database import Transaction
from main_process.handlers import settings
from main_process.services import Services
from shared_contracts.errors import RecordingNotWrittenError
from shared_contracts.settings import SaveSettings, VoiceSettings
from tests import spoken

TWO_DAYS = 2 * 86_400 * 1_000_000


async def two_days_old(app: Services) -> None:
    """A recording that was listened to, of the day before yesterday."""
    recording = await spoken.record(app)

    def work(tx: Transaction) -> None:
        app.recordings.set_state(tx, recording.id, "ready")
        tx.execute("UPDATE recordings SET created_at = created_at - ?", (TWO_DAYS,))

    await app.database.write(work)


@pytest.mark.parametrize(("days", "left"), [(None, 1), (3, 1), (1, 0)])
async def test_it_is_kept_as_long_as_the_settings_say(
    app: Services, days: int | None, left: int
) -> None:
    await settings.save(app, SaveSettings(voice=VoiceSettings(keep_days=days)))
    await two_days_old(app)
    await retention.look(app)
    assert len(list(app.recorder.files.all())) == left


async def test_what_cant_be_removed_is_tried_again(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await settings.save(app, SaveSettings(voice=VoiceSettings(keep_days=1)))
    looks: asyncio.Queue[int] = asyncio.Queue()

    async def refuse(_: int) -> None:
        looks.put_nowait(1)
        raise RecordingNotWrittenError

    monkeypatch.setattr(app.recorder, "forget_outdated", refuse)
    running = asyncio.create_task(retention.run(app, every_seconds=0))
    for _ in range(2):
        await asyncio.wait_for(looks.get(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
