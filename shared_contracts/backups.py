"""Backups of everything a person has, and the export that can be read without the app."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from shared_contracts.contract import Contract

Why = Literal["asked", "closing", "schedule", "upgrade"]
"""What a backup was made for: a person, the end of a run, the hour, or a change of the schema."""


class Contents(Contract):
    """How much there is: interviews, answers to their questions, and questions of one's own."""

    sessions: int = 0
    answers: int = 0
    questions: int = 0


class Backup(Contract):
    """One backup. `verified` if it was read back whole when it was made; else it is of unknown
    origin, and is read before it is used.
    """

    name: str
    made_at: datetime
    bytes: int
    verified: bool
    why: Why | None = None
    sessions: int | None = None
    answers: int | None = None


class GetBackups(Contract):
    """Asks for the backups."""


class Backups(Contract):
    """Those there are, the newest first, in `folder`."""

    folder: str
    items: tuple[Backup, ...]


class CreateBackup(Contract):
    """Makes one now."""


class ExportData(Contract):
    """Writes everything a person has into a file of its own, as JSON."""


class Exported(Contract):
    """It lies at `path`, whole: `rows` rows of all tables."""

    path: str
    bytes: int
    rows: int
