"""What `interview-app backup`, `restore`, `export`, `import`, `migrate` and `metrics` do and say.

None of them writes a database that another process uses: a running app is asked to do it itself, or
to be ended first.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from main_process import archive, archive_import, backups, recovery
from main_process.database import copies
from main_process.database.check import check, connect
from main_process.database.migrate import migrate
from main_process.database.revision import check_ours, known_revisions
from main_process.profile_folder import database_file, open_profile
from main_process.running_app import ask
from shared_contracts import channels, migrations
from shared_contracts.backups import Backup, CreateBackup, ExportData
from shared_contracts.errors import (
    AnotherInstanceError,
    BackupFailedError,
    NoDatabaseError,
    NotRunningError,
    RestoreFailedError,
    SettingsInvalidError,
)
from shared_contracts.metrics import GetMetrics

Say = Callable[[str], None]
_KILO = 1024
_RUNNING_SECONDS = 1.0
"""How long an app that doesn't answer at once may take to."""


def backup(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Make a backup, and a copy of it at `options.to` if that is given."""
    target: Path | None = options.to
    database = _existing(folder)
    if target:
        copies.require_new(target)
    try:
        with open_profile(folder), _writer(database):
            made = backups.make(database, "asked")
    except AnotherInstanceError:
        made = ask(folder, channels.BACKUP_CREATE, CreateBackup())
    path = copies.folder_of(database) / made.name
    if target:
        _take(path, target)
    say(f"{target or path}: {_size(made.bytes)}, checked, {_holds(made)}")


def export(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Write everything into the new file `options.file`."""
    target: Path = options.file
    database = _existing(folder)
    copies.require_new(target)
    try:
        with open_profile(folder), _writer(database):
            made = archive.export(database, target)
    except AnotherInstanceError:
        made = ask(folder, channels.DATA_EXPORT, ExportData())
        try:
            shutil.move(made.path, target)
        except OSError as error:
            message = f"The export lies at {made.path}: it can't be moved: {error.strerror}."
            raise BackupFailedError(message) from error
    say(f"{target}: {_size(made.bytes)}, {made.rows:,} rows")


def import_(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Read `options.file` into a profile that holds nothing yet."""
    with _not_running(folder):
        rows = archive_import.import_data(database_file(folder), options.file)
    say(
        f"Imported {rows.get('sessions', 0):,} interviews, {rows.get('answers', 0):,} answers and"
        f" all that belongs to them into {folder}."
    )


def restore(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Put a backup, or an empty database, in the database's place; or list the backups."""
    database = database_file(folder)
    if options.list:
        for each in backups.listed(database):
            say(f"{each.name}  {_when(each)}  {_size(each.bytes):>9}  {_holds(each)}")
        return
    with _not_running(folder):
        if options.empty:
            before = recovery.start_empty(database)
            say("The app starts with nothing.")
        else:
            source = _backup_named(database, options.backup, say)
            lost = recovery.lost_by(database, source)
            before = recovery.restore(database, source)
            say(f"Restored {source.name}. {lost}")
    if before:
        say(f"What was there is kept: {before}")


def migrate_to(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Bring the database to the revision `options.to`, for a version of the app that needs it."""
    target: str = options.to
    if target not in known_revisions():
        known = ", ".join(known_revisions())
        raise SettingsInvalidError(f"There is no schema {target}; there are {known}.")
    database = _existing(folder)
    with _not_running(folder):
        migrate(database, head=target)
    say(f"The database has schema {target}.")
    if target != migrations.HEAD:
        say("Install the version of the app that goes with it: this one brings it up again.")
        say("What that version has no place for is in the backup that was made before.")


def metrics(folder: Path, options: argparse.Namespace, say: Say) -> None:
    """Print the numbers of the app that runs with this profile."""
    from main_process.metrics_text import to_text

    wanted = GetMetrics(history=options.json)
    try:
        found = ask(folder, channels.METRICS_GET, wanted, timeout_seconds=_RUNNING_SECONDS)
    except AnotherInstanceError as error:
        raise NotRunningError from error
    say(msgspec.json.encode(found).decode() if options.json else to_text(found).rstrip())


RUN: dict[str, Callable[[Path, argparse.Namespace, Say], None]] = {
    "backup": backup,
    "export": export,
    "import": import_,
    "migrate": migrate_to,
    "metrics": metrics,
    "restore": restore,
}
"""What each command runs."""


def _take(made: Path, target: Path) -> None:
    try:
        copies.take(made, target)
    except BackupFailedError as error:
        message = f"The backup {made} was made, but its copy {target} was not: {error.message}"
        raise BackupFailedError(message, details=error.details) from error


def _existing(folder: Path) -> Path:
    database = database_file(folder)
    if not database.exists():
        raise NoDatabaseError(f"There is no database in {folder}.")
    return database


@contextmanager
def _writer(database: Path) -> Iterator[None]:
    """Stand in for the running app, whose last connection clears away what belongs to the log."""
    check(database)
    check_ours(database)
    with closing(connect(database, "rw")) as connection:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        yield


@contextmanager
def _not_running(folder: Path) -> Iterator[None]:
    try:
        with open_profile(folder):
            yield
    except AnotherInstanceError as error:
        raise AnotherInstanceError(
            "The app is running with this profile: end it first. A database that is in use can't"
            " be replaced."
        ) from error


def _backup_named(database: Path, name: Path | None, say: Say) -> Path:
    """The file that is meant: by its path, or by its name among the backups; the newest good one
    when nothing is named.
    """
    if name is None:
        newest = backups.newest_good(
            database, lambda copy: say(f"{copy.name} is damaged, and was passed over.")
        )
        if newest is None:
            raise RestoreFailedError(f"There is no good backup in {copies.folder_of(database)}.")
        return newest
    among = copies.folder_of(database) / name.name
    return among if not name.exists() and among.exists() else name


def _when(each: Backup) -> str:
    return f"{each.made_at.astimezone():%Y-%m-%d %H:%M}"


def _size(count: int) -> str:
    return (
        f"{count / _KILO / _KILO:.1f} MiB" if count >= _KILO * _KILO else f"{count / _KILO:.0f} KiB"
    )


def _holds(each: Backup) -> str:
    if each.sessions is None or each.answers is None:
        return "of unknown origin: it is read through before it is restored"
    return f"{each.sessions:,} interviews, {each.answers:,} answers"
