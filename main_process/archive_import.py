"""Reads an exported file into a profile that holds nothing yet: wholly, or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeVar

import msgspec
import structlog

from main_process import recovery
from main_process.archive import FORMAT, TABLES, VERSION, Foot, Head
from main_process.archive_rows import Column, decode, tables, there
from main_process.database import copies
from main_process.database.check import at_rest, connect
from main_process.database.connection import translate
from main_process.database.migrate import migrate
from main_process.database.revision import known_revisions
from main_process.repositories.tracking import TRACKED
from shared_contracts.errors import ImportInvalidError

T = TypeVar("T")
_LINE_BYTES = 64 * 1024 * 1024
"""A longer line than any row of ours."""
_IS_EMPTY = (
    "SELECT NOT EXISTS (SELECT 1 FROM sessions) AND NOT EXISTS (SELECT 1 FROM settings)"
    " AND NOT EXISTS (SELECT 1 FROM questions WHERE source = 'own')"
)

_WITHOUT_HISTORY = (
    "SELECT 1 FROM {0} AS live WHERE revision <> (SELECT count(*) FROM change_log AS line"
    " WHERE line.owner_id = live.owner_id AND line.entity = '{0}' AND line.entity_id = live.id)"
    " LIMIT 1"
)


def import_data(database: Path, source: Path) -> dict[str, int]:
    """Make the database of what `source` holds. Returns how many rows of each table there are.

    Raises ImportInvalidError (DB015), which names the line and what is wrong in it, also when the
    profile holds something already; then nothing has changed.
    """
    try:
        _refuse_unless_empty(database)
        with source.open("rb") as file, recovery.workshop(database) as made:
            rows = _Reading(source.name, file).build(made)
            migrate(made)
            copies.check(made)
            before = recovery.put_in_place(made, database)
    except OSError as error:
        raise ImportInvalidError(f"{source.name} can't be imported: {error.strerror}.") from error
    log = structlog.get_logger(__name__)
    log.info("imported", rows=sum(rows.values()), set_aside=before and before.name)
    return rows


def _refuse_unless_empty(database: Path) -> None:
    if not database.exists():
        return
    migrate(database)
    with closing(connect(database, at_rest(database))) as connection:
        (is_empty,) = connection.execute(_IS_EMPTY).fetchone()
    if not is_empty:
        raise ImportInvalidError(
            "This profile holds interviews, questions or settings already, and would lose them:"
            " import into a new one, with --profile DIR."
        )


class _Reading:
    """The lines of one file, and where in it we are."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self._name = name
        self._file = file
        self._number = 0

    def build(self, made: Path) -> dict[str, int]:
        """Make a database of the file's schema and fill it. Returns how many rows it has of each
        table.
        """
        head = self._head()
        migrate(made, head=head.schema)
        rows: dict[str, int] = {}
        try:
            with closing(connect(made, "rw")) as connection:
                # It is thrown away as a whole if anything goes wrong.
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("PRAGMA foreign_keys = ON")
                connection.execute("BEGIN")
                line = self._line()
                while line.endswith(b":["):
                    table = self._decoded(line[:-2], str)
                    if table in rows:
                        self._refuse(f"{table} comes twice")
                    columns = self._columns(connection, table)
                    rows[table] = self._fill(connection, table, columns)
                    line = self._line()
                self._foot(line, rows)
                self._check_history(connection, rows)
                connection.execute("COMMIT")
        except sqlite3.IntegrityError as error:
            self._refuse(f"the row doesn't fit with the others: {error}")
        except sqlite3.Error as error:
            raise translate(error) from error
        return rows

    def _head(self) -> Head:
        line = self._line()
        if not line.endswith(TABLES):
            self._refuse("this is no export of this app")
        head = self._decoded(line.removesuffix(TABLES) + b"}", Head)
        if (head.format, head.version) != (FORMAT, VERSION):
            self._refuse("this is no export of this app, or one of a newer version")
        if head.schema not in known_revisions():
            self._refuse("this was exported by a newer version of the app")
        return head

    def _columns(self, connection: sqlite3.Connection, table: str) -> tuple[Column, ...]:
        """Those that the table had in the file's schema."""
        known = tables().get(table)
        if known is None:
            self._refuse("there is no such table")
        return there(connection, table, known)

    def _fill(self, connection: sqlite3.Connection, table: str, columns: tuple[Column, ...]) -> int:
        names = ", ".join(column.name for column in columns)
        marks = ", ".join("?" * len(columns))
        insert = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  our own names
        count = 0
        for line in self._rows():
            try:
                row = decode(columns, line)
            except ValueError as error:
                self._refuse(f"{table}: {error}")
            connection.execute(insert, row)
            count += 1
        return count

    def _rows(self) -> Iterator[bytes]:
        """The lines up to the one that ends the table."""
        while (line := self._line()) not in {b"]", b"],"}:
            yield line.removesuffix(b",")

    def _foot(self, line: bytes, rows: dict[str, int]) -> None:
        if line[:2] != b"},":
            self._refuse("the end of the tables is missing")
        foot = self._decoded(b"{" + line[2:], Foot)
        if foot.rows != rows:
            self._refuse("rows are missing, or there are more of them than were exported")
        if self._file.read(1):
            self._number += 1
            self._refuse("something follows after the end")

    def _check_history(self, connection: sqlite3.Connection, rows: Iterable[str]) -> None:
        """Each write of a row made its revision one more, and left a line in the change log."""
        for table in sorted(TRACKED.intersection(rows)):
            if connection.execute(_WITHOUT_HISTORY.format(table)).fetchone():
                self._refuse(f"the change log doesn't agree with the revisions of {table}")

    def _line(self) -> bytes:
        self._number += 1
        line = self._file.readline(_LINE_BYTES)
        if not line.endswith(b"\n"):
            self._refuse("the file ends too early" if len(line) < _LINE_BYTES else "too long")
        return line.strip()

    def _decoded(self, text: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(text, type=kind)
        except (ValueError, RecursionError) as error:
            self._refuse(str(error))

    def _refuse(self, reason: str) -> NoReturn:
        raise ImportInvalidError(
            f"{self._name}, line {self._number}: {reason}.",
            details={"line": self._number, "reason": reason},
        )
