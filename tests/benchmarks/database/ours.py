"""The app's own services on a file, opened as the app opens them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from main_process import question_bank
from main_process.database import DatabaseManager, Transaction
from main_process.services import Services, open_services

OURS = "ours"
READS = "DatabaseManager.read and the repository: one hop, a snapshot, structs made on its thread"
WRITES = "DatabaseManager.write and the repository: DatabaseQueue, savepoint, change_log, commit"
_COMPARED = ("cache_size", "mmap_size", "temp_store", "secure_delete", "foreign_keys")


@asynccontextmanager
async def open_ours(path: Path) -> AsyncIterator[Services]:
    """Open the file at `path`, as at a start of the app."""
    async with DatabaseManager.open(path) as database:
        yield await open_services(path.parent, database, question_bank.load(), lambda: ())


async def writer_pragmas(app: Services) -> dict[str, str | int]:
    """What our writer has set and peers have to set too, to do the same work."""
    return {**await app.database.write(_pragmas), "journal_mode": "WAL", "synchronous": "FULL"}


async def reader_pragmas(app: Services) -> dict[str, str | int]:
    """The same of our readers."""
    return await app.database.read(_pragmas)


def _pragmas(tx: Transaction) -> dict[str, str | int]:
    return {name: tx.execute(f"PRAGMA {name}").fetchone()[0] for name in _COMPARED}
