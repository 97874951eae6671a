"""The app's own database manager and repositories, opened as the app opens them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from main_process.database import DatabaseManager, Transaction
from main_process.repositories.questions import Questions
from main_process.repositories.tracking import Tracker
from main_process.workspace import open_workspace

OURS = "ours"
READS = "DatabaseManager.read and the repository: one hop, a snapshot, structs made on its thread"
WRITES = "DatabaseManager.write and the repository: DatabaseQueue, savepoint, change_log, commit"
_COMPARED = ("cache_size", "mmap_size", "temp_store", "secure_delete", "foreign_keys")


@dataclass(frozen=True, slots=True)
class Ours:
    """An open database with what the benchmark asks of it."""

    database: DatabaseManager
    questions: Questions


@asynccontextmanager
async def open_ours(path: Path) -> AsyncIterator[Ours]:
    """Open the file at `path`."""
    async with DatabaseManager.open(path) as database:
        workspace = await database.write(open_workspace)
        yield Ours(database, Questions(Tracker(workspace)))


async def writer_pragmas(ours: Ours) -> dict[str, str | int]:
    """What our writer has set and peers have to set too, to do the same work."""
    return {**await ours.database.write(_pragmas), "journal_mode": "WAL", "synchronous": "FULL"}


async def reader_pragmas(ours: Ours) -> dict[str, str | int]:
    """The same of our readers."""
    return await ours.database.read(_pragmas)


def _pragmas(tx: Transaction) -> dict[str, str | int]:
    return {name: tx.execute(f"PRAGMA {name}").fetchone()[0] for name in _COMPARED}
