"""Writes everything a person has into one file of JSON: readable, and read back without loss.

One row stands on one line, between a head and a foot, so that neither writing nor reading it ever
needs more than a row in memory. The key of an AI server is no row, and never in it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import msgspec

from main_process.archive_rows import Column, cursor_of, encode, tables, there
from main_process.database import copies
from main_process.database.check import connect
from main_process.database.connection import SQLITE_ERRORS, translate
from main_process.database.copies import Stop, never
from main_process.database.revision import known_revisions, revision
from shared_contracts.backups import Exported
from shared_contracts.contract import Contract
from shared_contracts.errors import BackupFailedError, DatabaseCorruptError, NewerDatabaseError

FORMAT = "interview-app-export"
VERSION = 1
TABLES = b',"tables":{'
"""Ends the first line, which is else an object of its own."""
_ROWS_PER_QUESTION = 1_000
"""After so many it is asked whether to stop."""


class Head(Contract):
    """What the file is, and of which version of the app."""

    format: str
    version: int
    schema: str
    app: str
    exported_at: datetime


class Foot(Contract):
    """How many rows there are of each table: without it the file isn't whole."""

    rows: dict[str, int]


def export(database: Path, target: Path, stop: Stop = never) -> Exported:
    """Write all there is, as of now, to a new file `target`. The writer isn't held up.

    Raises TargetUnusableError (DB018), BackupFailedError (DB013), NewerDatabaseError (DB003), or
    DatabaseCorruptError (DB008) when a row can't be read; then there is no such file.
    """
    copies.require_new(target)
    try:
        with copies.part_of(target) as part:
            with part.open("wb") as file:
                rows = _write_all(database, file, stop)
            size = part.stat().st_size
            copies.settle(part, target)
    except OSError as error:
        raise BackupFailedError(
            f"The export could not be written to {target}: {error.strerror}."
        ) from error
    except SQLITE_ERRORS as error:
        raise translate(error) from error
    return Exported(path=str(target), bytes=size, rows=sum(rows.values()))


def _write_all(database: Path, file: BinaryIO, stop: Stop) -> dict[str, int]:
    """Returns how many rows of each table there are."""
    rows: dict[str, int] = {}
    with closing(connect(database, "ro")) as connection:
        connection.execute("BEGIN")
        head = Head(
            format=FORMAT,
            version=VERSION,
            schema=_known(revision(connection)),
            app=version("interview-app"),
            exported_at=datetime.now(UTC),
        )
        file.write(msgspec.json.encode(head)[:-1] + TABLES)
        found = [(name, there(connection, name, columns)) for name, columns in tables().items()]
        for number, (table, columns) in enumerate((name, each) for name, each in found if each):
            name = msgspec.json.encode(table)
            file.write((b"\n]," if number else b"") + b"\n" + name + b":[")
            rows[table] = _write_rows(connection, file, table, columns, stop)
    file.write(b"\n]\n}," + msgspec.json.encode(Foot(rows=rows))[1:] + b"\n")
    return rows


def _known(found: str | None) -> str:
    """Of another schema something would be left out without a word."""
    if found is None:
        raise DatabaseCorruptError(details={"check": "no schema"})
    if found not in known_revisions():
        raise NewerDatabaseError(details={"found": found})
    return found


def _write_rows(
    connection: sqlite3.Connection,
    file: BinaryIO,
    table: str,
    columns: tuple[Column, ...],
    stop: Stop,
) -> int:
    count = 0
    for count, row in enumerate(cursor_of(connection, table, columns), start=1):
        if count % _ROWS_PER_QUESTION == 0 and stop():
            raise BackupFailedError("The export was broken off.")
        file.write((b",\n" if count > 1 else b"\n") + encode(table, columns, row))
    return count
