"""The revisions of the schema one by one: what each makes, and a lived-in database of each.

`python -m tests.revisions` writes both for the newest revision, into tests/data. Run it once the
revision is finished, and look at the difference; what belongs to a released one never changes.
"""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, pool

from main_process.database import DatabaseManager
from main_process.database.revision import SCRIPTS, known_revisions
from main_process.services import open_services
from shared_contracts import migrations
from shared_contracts.schema import metadata
from tests.life import live
from tests.unit.main_process.conftest import BANK

DATA = Path(__file__).parent / "data"
BASE = "base"
"""Before the first revision."""
REVISIONS = (BASE, *known_revisions())
Rows = dict[str, list[tuple[object, ...]]]


def golden_file(revision: str) -> Path:
    """What sqlite_master says once the revision has run."""
    return DATA / "schemas" / f"{revision}.sql"


def lived_in_file(revision: str) -> Path:
    """A database that was used with this revision."""
    return DATA / "databases" / f"{revision}.db.gz"


def unpack(revision: str, folder: Path) -> Path:
    """A copy of that database to work on."""
    path = folder / "interview.db"
    path.write_bytes(gzip.decompress(lived_in_file(revision).read_bytes()))
    return path


def move(path: Path, revision: str) -> None:
    """Bring an SQLite file to this revision by Alembic alone."""
    engine = create_engine(f"sqlite:///{path}", poolclass=pool.NullPool)
    with engine.begin() as connection:
        move_on(connection, revision)


def move_on(connection: Connection, revision: str) -> None:
    """Bring any database to this revision, up or down."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    current = MigrationContext.configure(connection).get_current_revision() or BASE
    if REVISIONS.index(current) < REVISIONS.index(revision):
        command.upgrade(config, revision)
    else:
        command.downgrade(config, revision)


def schema_of(path: Path) -> str:
    """Every table, index, view and trigger, as it stands in sqlite_master."""
    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute(
            "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()
    return "\n".join(f"-- {kind} {name}\n{sql or '-- by itself'}\n" for kind, name, sql in rows)


def rows_of(path: Path) -> Rows:
    """What is in the tables that hold a person's data, in a fixed order."""
    with closing(sqlite3.connect(path)) as plain:
        found = {
            name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        return {
            name: sorted(plain.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # noqa: S608
            for name in sorted(metadata.tables.keys() & found)
        }


def search_is_consistent(path: Path) -> None:
    """Each full-text index holds what the tables do, or SQLite says that it is corrupt."""
    with closing(sqlite3.connect(path, isolation_level=None)) as plain:
        indexes = plain.execute(
            "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
        ).fetchall()
        for (name,) in indexes:
            plain.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
            (count,) = plain.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608
            assert count > 0, name


async def _live_in(path: Path) -> None:
    async with DatabaseManager.open(path) as database:
        await live(await open_services(path.parent, database, BANK, lambda: ()))


def _main() -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "interview.db"
        asyncio.run(_live_in(path))
        golden_file(migrations.HEAD).write_text(schema_of(path), encoding="utf-8")
        # No time in the archive: the same database gives the same bytes.
        packed = gzip.compress(path.read_bytes(), mtime=0)
        lived_in_file(migrations.HEAD).write_bytes(packed)


if __name__ == "__main__":
    _main()
