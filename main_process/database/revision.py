"""Which schema a database has, and which ones are known."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from shared_contracts import migrations

SCRIPTS = Path(migrations.__file__).parent


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
