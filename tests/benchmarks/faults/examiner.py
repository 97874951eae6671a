"""python -m tests.benchmarks.faults.examiner: opens each file it is told of as the app does.

For each path on standard input there is a line of JSON on standard output: an Examination. It is a
process of its own, since nobody knows what a damaged file does to the one that opens it.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import structlog

from main_process.database import DatabaseManager, Transaction
from main_process.database.connection import SQLITE_ERRORS
from shared_contracts.errors import AppError
from shared_contracts.schema import metadata
from tests.benchmarks.faults.examination import Examination


async def examine(path: Path) -> Examination:
    """Open the file, read every row, and write one."""
    found = Examination(sound=_is_sound(path))
    stage = "opening"
    try:
        async with DatabaseManager.open(path) as database:
            stage = "reading"
            found.digest = await database.read(_digest)
            found.names = await database.read(_names)
            stage = "writing"
            await database.write(_write)
            stage = "closing"
    except AppError as error:
        found.stage, found.error = stage, str(error.code)
    except Exception as error:  # noqa: BLE001  what it is, is what is to be found out
        found.stage, found.error, found.coded = stage, type(error).__name__, False
    return found


def _is_sound(path: Path) -> bool:
    """Checks a copy: to open the file itself would bring its log over."""
    with TemporaryDirectory(dir=path.parent) as folder:
        for file in path.parent.glob(f"{path.name}*"):
            shutil.copy(file, folder)
        try:
            with closing(sqlite3.connect(Path(folder, path.name))) as plain:
                return plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except SQLITE_ERRORS:
            return False


def _digest(tx: Transaction) -> str:
    digest = hashlib.sha256()
    for table in sorted(metadata.tables):
        for row in tx.execute(f"SELECT * FROM {table}"):  # noqa: S608  our names
            digest.update(repr(row).encode())
    return digest.hexdigest()


def _names(tx: Transaction) -> tuple[str, ...]:
    rows = tx.execute("SELECT title FROM sessions ORDER BY owner_id, id").fetchall()
    return tuple(str(title) for (title,) in rows)


def _write(tx: Transaction) -> None:
    tx.execute("INSERT INTO workspaces (id, created_at) VALUES (zeroblob(16), 0)")


def main() -> None:
    """Run as a process of its own."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for line in sys.stdin:
        examination = asyncio.run(examine(Path(line.rstrip("\n"))))
        sys.stdout.write(msgspec.json.encode(examination).decode() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
