"""The person's settings: one row for each workspace."""

from __future__ import annotations

import msgspec

from main_process.database import Transaction
from main_process.repositories.tracking import Tracker, to_json
from main_process.workspace import now
from shared_contracts.contract import Contract
from shared_contracts.errors import ConflictError
from shared_contracts.evaluation import Evaluator, ServerURL
from shared_contracts.settings import KeyPlace, SaveSettings, Theme, VoiceSettings


class StoredSettings(Contract, forbid_unknown_fields=False):
    """What is kept in the database; the key is not."""

    theme: Theme = "system"
    evaluator: Evaluator = "offline"
    llm_base_url: ServerURL = ""
    llm_model: str = ""
    consented_url: ServerURL = ""
    voice: VoiceSettings = VoiceSettings()
    key_place: KeyPlace | None = None
    """Where the key was kept last."""
    llm_since: int = 0
    """When the person last turned to a server, in microseconds since 1970."""


_NOTED = {"key_place", "llm_since"}
"""Not for the page to change."""
_CHANGED = tuple(name for name in StoredSettings.__struct_fields__ if name not in _NOTED)
_STORED = msgspec.json.Decoder(StoredSettings)


class Settings:
    """Defaults until something is changed."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._owner = tracker.workspace.owner

    def get(self, tx: Transaction) -> tuple[StoredSettings, int]:
        """The settings and their revision, 0 as long as nothing was changed."""
        row = tx.execute(
            "SELECT body, revision FROM settings WHERE owner_id = ? AND id = ?",
            (self._owner, self._owner),
        ).fetchone()
        return (_STORED.decode(row[0]), row[1]) if row else (StoredSettings(), 0)

    def save(self, tx: Transaction, change: SaveSettings) -> None:
        """Change what is named. Raises ConflictError for an old revision."""
        stored, revision = self.get(tx)
        if change.revision not in {None, revision}:
            raise ConflictError(details={"revision": revision})
        named = {name: getattr(change, name) for name in _CHANGED}
        named = {name: value for name, value in named.items() if value is not msgspec.UNSET}
        changed = msgspec.structs.replace(stored, **named)
        if (changed.evaluator, changed.consented_url) != (stored.evaluator, stored.consented_url):
            changed = msgspec.structs.replace(changed, llm_since=now())
        self._write(tx, changed, revision)

    def set_key_place(self, tx: Transaction, place: KeyPlace | None) -> None:
        """Note where the key is kept now, None for nowhere."""
        stored, revision = self.get(tx)
        if stored.key_place != place:
            self._write(tx, msgspec.structs.replace(stored, key_place=place), revision)

    def _write(self, tx: Transaction, settings: StoredSettings, revision: int) -> None:
        values = {"body": to_json(settings)}
        if revision:
            self._tracker.update(tx, "settings", self._owner, values)
        else:
            self._tracker.insert(tx, "settings", self._owner, values)
