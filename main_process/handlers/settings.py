"""`app:settings:*`."""

from __future__ import annotations

import asyncio

import msgspec

from main_process.services import Services
from shared_contracts.errors import ValidationFailedError
from shared_contracts.settings import AppSettings, GetSettings, SaveSettings


async def get(app: Services, _: GetSettings) -> AppSettings:
    """The settings as they are; of the key only where it is kept."""
    stored, revision = await app.database.read(app.settings.get)
    place = await asyncio.to_thread(app.keys.place)
    return AppSettings(**msgspec.structs.asdict(stored), llm_key=place, revision=revision)


async def save(app: Services, request: SaveSettings) -> AppSettings:
    """Change what is named; the key goes to its own place."""
    if isinstance(request.api_key, str):
        await asyncio.to_thread(app.keys.write, _checked(request.api_key.strip()))
    await app.database.write(lambda tx: app.settings.save(tx, request))
    return await get(app, GetSettings())


def _checked(key: str) -> str:
    """The key, if it can travel in a header. Raises VAL001, without the key."""
    if key.isascii() and key.isprintable():
        return key
    raise ValidationFailedError(
        "This is not a key: it has characters that no key has.",
        details={"field": "api_key", "reason": "it has other characters than ASCII has"},
    )
