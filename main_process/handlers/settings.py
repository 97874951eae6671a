"""`app:settings:*`."""

from __future__ import annotations

import asyncio

import msgspec

from main_process.database import Transaction
from main_process.repositories.tracking import showing_current
from main_process.services import Services
from shared_contracts.errors import ValidationFailedError
from shared_contracts.settings import AppSettings, GetSettings, SaveSettings


async def get(app: Services, _: GetSettings) -> AppSettings:
    """The settings as they are; of the key only where it is kept."""
    return await app.database.read(lambda tx: _stored(app, tx))


async def save(app: Services, request: SaveSettings) -> AppSettings:
    """Change what is named; the key goes to its own place.

    Raises DB006 with the stored settings if they are newer; then the key stays as well.
    """
    key = _checked(request.api_key.strip()) if isinstance(request.api_key, str) else None

    def work(tx: Transaction) -> None:
        with showing_current(lambda: _stored(app, tx)):
            app.settings.save(tx, request)

    await app.database.write(work)
    if key is not None:
        await asyncio.to_thread(app.keys.write, key)
    return await get(app, GetSettings())


def _stored(app: Services, tx: Transaction) -> AppSettings:
    stored, revision = app.settings.get(tx)
    return AppSettings(
        **msgspec.structs.asdict(stored), llm_key=app.keys.place(), revision=revision
    )


def _checked(key: str) -> str:
    """The key, if it can travel in a header. Raises VAL001, without the key."""
    if key.isascii() and key.isprintable():
        return key
    raise ValidationFailedError(
        "This is not a key: it has characters that no key has.",
        details={"field": "api_key", "reason": "it has other characters than ASCII has"},
    )
