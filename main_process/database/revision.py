"""Which schema a database has, and which ones are known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from main_process.database.check import at_rest, connect
from main_process.database.connection import SQLITE_ERRORS, translate
from shared_contracts import migrations
from shared_contracts.errors import DatabaseCorruptError, ForeignDatabaseError

SCRIPTS = Path(migrations.__file__).parent
_OURS = {"change_log", "workspaces"}
"""Each schema of ours has these, and hardly one of another program's."""


def revision(connection: sqlite3.Connection) -> str | None:
    """The schema's revision, None for a database without one."""
    tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    if tables.fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def known_revisions(scripts: Path = SCRIPTS) -> list[str]:
    """From the first to the newest: a revision's file begins with its number."""
    return sorted(file.name.partition("_")[0] for file in (scripts / "versions").glob("[0-9]*.py"))


def check_ours(path: Path) -> None:
    """Look who wrote the file, before it is opened in any way that may change it.

    Raises ForeignDatabaseError (DB017), or DatabaseCorruptError (DB008) when it is ours and doesn't
    say its schema. A file that holds nothing yet may become ours.
    """
    if not path.exists():
        return
    try:
        with closing(connect(path, at_rest(path))) as connection:
            found = revision(connection)
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    except SQLITE_ERRORS as error:
        raise translate(error) from error
    if found is None and names >= _OURS:
        message = "The database doesn't say which version of the app wrote it."
        raise DatabaseCorruptError(message, details={"check": "no schema"})
    if found is None and _is_used(names):
        raise ForeignDatabaseError(f"{path} is the database of another program.")


def _is_used(names: set[str]) -> bool:
    return any(not name.startswith("sqlite_") for name in names - {"alembic_version"})
