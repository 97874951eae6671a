"""Brings the file to a revision before anybody opens it, or leaves it exactly as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import structlog

from main_process.database import copies
from main_process.database.check import check
from main_process.database.connection import BUSY_TIMEOUT_SECONDS, SQLITE_ERRORS, translate
from main_process.database.revision import SCRIPTS, check_ours, known_revisions, revision
from shared_contracts import migrations
from shared_contracts.errors import (
    AppError,
    BackupFailedError,
    MigrationFailedError,
    NewerDatabaseError,
    QueryFailedError,
)


def migrate(path: Path, scripts: Path = SCRIPTS, head: str = migrations.HEAD) -> None:
    """Check the database at `path` and bring it to the revision `head`, upwards or back.

    A missing file is made; an existing one is first copied to the folder `backups`. Raises
    NewerDatabaseError, ForeignDatabaseError, DatabaseCorruptError, DatabaseLockedError,
    MigrationFailedError or ProfileNotWritableError; then nothing has changed.
    """
    check(path)
    check_ours(path)
    with _open(path) as connection:
        current = _known(revision(connection), scripts, head)
        if current != head:
            _bring(connection, path, scripts, head)


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
        with closing(connection):
            yield connection
    except SQLITE_ERRORS as error:
        raise translate(error) from error


def _known(found: str | None, scripts: Path, head: str) -> str | None:
    if found is not None and found not in known_revisions(scripts):
        message = f"The database has schema {found}; this version knows up to {head}."
        raise NewerDatabaseError(message, details={"found": found, "known": head})
    return found


def _bring(connection: sqlite3.Connection, path: Path, scripts: Path, head: str) -> None:
    """Run the revisions in one transaction of our own: of a failed one nothing may stay."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as bound, bound.begin():
        # Nobody else writes from here on: what is copied is what is migrated.
        connection.execute("BEGIN IMMEDIATE")
        current = _known(revision(connection), scripts, head)
        if current == head:
            # Another start was quicker.
            return
        if current is not None:
            _keep_copy(path)
        try:
            _run_alembic(bound, scripts, head, is_upgrade=current is None or current < head)
            _check_references(connection)
        except Exception as error:
            # A revision is a program of its own, which may raise anything.
            raise _failure(error) from error
    log = structlog.get_logger(__name__)
    log.info("database migrated", revision_before=current, revision=head)


def _keep_copy(path: Path) -> None:
    """The upgrade is one transaction; the copy, which is checked whole, is for the unforeseen."""
    if copies.is_kept(path, "upgrade"):
        # Of an upgrade that failed: one for each start would fill the disk.
        return
    try:
        copies.make(path, "upgrade")
    except BackupFailedError as error:
        message = f"The database is not changed without a backup. {error.message}"
        raise MigrationFailedError(message, details=error.details) from error


def _run_alembic(bound: object, scripts: Path, head: str, *, is_upgrade: bool) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = bound
    if is_upgrade:
        command.upgrade(config, head)
    else:
        command.downgrade(config, head)


def _check_references(connection: sqlite3.Connection) -> None:
    """A revision may rebuild tables, which SQLite does with foreign keys off."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise MigrationFailedError(
            "The database could not be brought up to date: rows would lose what they belong to.",
            details={"table": broken[0], "of": broken[2]},
        )


def _failure(error: Exception) -> AppError:
    """What stopped the upgrade. The values of its statement, which may be answers, are left out."""
    if isinstance(error, AppError):
        return error
    cause = getattr(error, "orig", error)
    if not isinstance(cause, sqlite3.Error):
        return MigrationFailedError(details={"reason": type(cause).__name__})
    known = translate(cause)
    if not isinstance(known, QueryFailedError):
        return known
    return MigrationFailedError(f"The database could not be brought up to date: {cause}.")
