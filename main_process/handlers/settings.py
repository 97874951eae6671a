"""`app:settings:*` and `app:keys:places`."""

from __future__ import annotations

import asyncio

import msgspec
from msgspec import UnsetType

from main_process.database import Transaction
from main_process.repositories.tracking import showing_current
from main_process.services import Services
from shared_contracts.errors import KeyRingError, ValidationFailedError
from shared_contracts.settings import (
    AppSettings,
    GetKeyPlaces,
    GetSettings,
    KeyPlace,
    KeyPlaces,
    SaveSettings,
)


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
        await _keep(app, key, request.key_place)
    return await get(app, GetSettings())


def _stored(app: Services, tx: Transaction) -> AppSettings:
    stored, revision = app.settings.get(tx)
    fields = msgspec.structs.asdict(stored)
    del fields["llm_since"]
    state = app.keys.state(fields.pop("key_place"))
    return AppSettings(**fields, llm_key=state, revision=revision)


async def _keep(app: Services, key: str, wanted: KeyPlace | UnsetType) -> None:
    """Put the key in its place and note where that is; an empty one is forgotten.

    The note is written last: what it says is there, is there.
    """
    stored, _ = await app.database.read(app.settings.get)
    before = stored.key_place
    if not key:
        await asyncio.to_thread(app.keys.forget, before)
        await app.database.write(lambda tx: app.settings.set_key_place(tx, None))
        return
    is_file = app.keys.state(before) == "file"
    last: KeyPlace = "file" if is_file else before or "session"
    place = last if isinstance(wanted, UnsetType) else wanted
    await asyncio.to_thread(app.keys.write, key, place, before)
    await app.database.write(lambda tx: app.settings.set_key_place(tx, place))


async def key_places(app: Services, _: GetKeyPlaces) -> KeyPlaces:
    """Where this system can keep a key."""
    try:
        return KeyPlaces(keyring=await asyncio.to_thread(app.keys.ring))
    except KeyRingError as error:
        return KeyPlaces(why_not=error.message)


def _checked(key: str) -> str:
    """The key, if it can travel in a header. Raises VAL001, without the key."""
    if key.isascii() and key.isprintable():
        return key
    raise ValidationFailedError(
        "This is not a key: it has characters that no key has.",
        details={"field": "api_key", "reason": "it has other characters than ASCII has"},
    )
