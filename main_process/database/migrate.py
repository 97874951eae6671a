"""Brings the file's schema up to date before anybody opens it, or leaves it exactly as it was."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from main_process.database.connection import BUSY_TIMEOUT_SECONDS, translate
from shared_contracts import migrations
from shared_contracts.errors import (
    AppError,
    DatabaseCorruptError,
    MigrationFailedError,
    NewerDatabaseError,
    ProfileNotWritableError,
    QueryFailedError,
)

SCRIPTS = Path(migrations.__file__).parent


def migrate(path: Path, scripts: Path = SCRIPTS, head: str = migrations.HEAD) -> None:
    """Upgrade the database at `path` to `head`, making it if there is none.

    Raises NewerDatabaseError, DatabaseCorruptError, DatabaseLockedError, MigrationFailedError or
    ProfileNotWritableError.
    """
    with _open(path) as connection:
        current = revision(connection)
        if current == head:
            return
        if current is not None and not _is_known(current, scripts):
            message = f"The database has schema {current}; this version knows up to {head}."
            raise NewerDatabaseError(message, details={"found": current, "known": head})
        if current is not None:
            _check(connection)
            _back_up(connection, path, current)
        _upgrade(connection, scripts)


def revision(connection: sqlite3.Connection) -> str | None:
    """The schema's revision, None for a database without one."""
    tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    if tables.fetchone() is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        with closing(connection):
            yield connection
    except sqlite3.Error as error:
        raise translate(error) from error


def _is_known(name: str, scripts: Path) -> bool:
    return any(file.name.startswith(f"{name}_") for file in (scripts / "versions").glob("*.py"))


def _check(connection: sqlite3.Connection) -> None:
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise DatabaseCorruptError(details={"check": verdict})


def _back_up(connection: sqlite3.Connection, path: Path, current: str) -> None:
    """Keep a copy: the upgrade is one transaction, this is for what we didn't foresee."""
    folder = path.parent / "backups"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ProfileNotWritableError(details={"folder": folder.name}) from error
    if shutil.disk_usage(folder).free < 2 * path.stat().st_size:
        raise MigrationFailedError(
            "There is not enough space on the disk to upgrade the database safely.",
            details={"needed_bytes": 2 * path.stat().st_size},
        )
    with closing(sqlite3.connect(folder / f"before-upgrade-from-{current}.db")) as copy:
        connection.backup(copy)


def _upgrade(connection: sqlite3.Connection, scripts: Path) -> None:
    """Run the revisions in one transaction of our own: of a failed one nothing may stay."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    try:
        with engine.connect() as bound, bound.begin():
            bound.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = bound
            command.upgrade(config, "head")
    except Exception as error:
        # A revision is a program of its own, which may raise anything.
        raise _failure(error) from error


def _failure(error: Exception) -> AppError:
    """What stopped the upgrade. The values of its statement, which may be answers, are left out."""
    cause = getattr(error, "orig", error)
    if not isinstance(cause, sqlite3.Error):
        return MigrationFailedError(details={"reason": type(cause).__name__})
    known = translate(cause)
    if not isinstance(known, QueryFailedError):
        return known
    return MigrationFailedError(f"The database could not be brought up to date: {cause}.")
