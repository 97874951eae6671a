"""Copies of the database that are known to be good: made beside the writer, checked, then named.

In the folder `backups`, a copy is one file, `<time>.db`, and `<time>.json` says what is known of
it. The second is written last: a copy that was broken off half-way has none, and not even its name.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from main_process.database.check import BACKUPS, at_rest, connect
from main_process.database.connection import SQLITE_ERRORS, translate
from main_process.database.revision import revision
from shared_contracts.backups import Why
from shared_contracts.contract import Contract
from shared_contracts.errors import (
    AppError,
    BackupFailedError,
    DatabaseCorruptError,
    TargetUnusableError,
)

Stop = Callable[[], bool]
"""Asked again and again; once it says True the work is broken off, and leaves nothing."""
SPARE_BYTES = 64 * 1024 * 1024
"""A backup that is made by itself leaves this much free on the disk."""
_NAME = "%Y-%m-%dT%H-%M-%S.%fZ"
_STEP_PAGES = 1_024
_CHUNK_BYTES = 1024 * 1024
_CACHE_KIB = 64_000
"""With SQLite's own 2,000 the check of some GB, which goes through all indexes, takes minutes."""
_OPERATIONS = 100_000
"""After so many of SQLite's own steps of a check it is asked whether to stop; some milliseconds."""


_STATE = (
    "SELECT (SELECT max(clock) FROM change_log), (SELECT count(*) FROM change_log),"
    " (SELECT max(updated_at) FROM drafts), (SELECT count(*) FROM drafts),"
    " (SELECT version_num FROM alembic_version)"
)
"""Every write of a person's row is in the change log, and what is being typed is a draft."""
_HAS_RECORDINGS = "SELECT 1 FROM sqlite_master WHERE name = 'recordings'"
_RECORDINGS = "SELECT max(updated_at), count(*) FROM recordings"
"""These are not in the change log, and not in older schemas."""


class Facts(Contract):
    """What was true of a copy when it was made."""

    made_at: datetime
    why: Why
    schema: str
    bytes: int
    rows: dict[str, int]
    seconds: float
    sha256: str


def never() -> bool:
    """Go on to the end."""
    return False


def folder_of(database: Path) -> Path:
    """Where its copies are."""
    return database.parent / BACKUPS


def make(database: Path, why: Why, stop: Stop = never) -> Path:
    """Make a copy of everything committed by now, and check it. The writer isn't held up.

    A writer must have the database open: the last one to close it clears its log away.

    Raises BackupFailedError (DB013), or DatabaseCorruptError (DB008) when the database is damaged.
    """
    started, made_at = time.monotonic(), datetime.now(UTC)
    try:
        folder = _prepared(folder_of(database))
        target = folder / f"{made_at.strftime(_NAME)}.db"
        with part_of(target) as part:
            with closing(connect(database, "ro")) as live:
                rows = _snapshot(live)
                _require_room(folder, live, SPARE_BYTES)
                _copy(live, part, stop)
                schema = revision(live) or ""
            check(part, stop, rows)
            facts = Facts(
                made_at=made_at,
                why=why,
                schema=schema,
                bytes=part.stat().st_size,
                rows=rows,
                seconds=round(time.monotonic() - started, 3),
                sha256=digest(part, stop),
            )
            settle(part, target)
        _write_facts(target, facts)
    except (OSError, *SQLITE_ERRORS) as error:
        raise _failure(error) from error
    log = structlog.get_logger(__name__)
    log.info("backup made", why=why, bytes=facts.bytes, seconds=facts.seconds)
    return target


def is_kept(database: Path, why: Why) -> bool:
    """Whether the last copy that was made for this is whole and holds what the database does."""
    made_for_it = [
        copy
        for copy in folder_of(database).glob("*.db")
        if (facts := facts_of(copy)) and facts.why == why and time_of(copy)
    ]
    if not made_for_it:
        return False
    last = max(made_for_it)
    facts = facts_of(last)
    try:
        if not facts or digest(last) != facts.sha256:
            return False
        with closing(connect(database, "ro")) as live, reading(last) as copy:
            return state(live) == state(copy) and count_rows(live) == facts.rows
    except (OSError, *SQLITE_ERRORS):
        return False


def state(connection: sqlite3.Connection) -> object:
    """What is equal in two databases only if a person wrote the same in both."""
    found = [connection.execute(_STATE).fetchone()]
    if connection.execute(_HAS_RECORDINGS).fetchone():
        found.append(connection.execute(_RECORDINGS).fetchone())
    return found


def take(source: Path, target: Path) -> None:
    """Copy a database that nobody uses, its log included, to a file of ours that is checked.

    Raises DatabaseCorruptError (DB008) or BackupFailedError (DB013); then there is no such file.
    """
    try:
        with part_of(target) as part:
            with closing(connect(source, at_rest(source))) as live:
                rows = _snapshot(live)
                _require_room(target.parent, live, 0)
                _copy(live, part, never)
            check(part, rows=rows)
            settle(part, target)
    except (OSError, *SQLITE_ERRORS) as error:
        raise _failure(error) from error


def require_new(target: Path) -> None:
    """Raises TargetUnusableError (DB018) when no new file of this name can be made there."""
    if target.is_dir():
        raise TargetUnusableError(f"{target} is a folder: name the file that is to be made.")
    if target.exists():
        raise TargetUnusableError(f"There is a file {target} already.")
    if not target.parent.is_dir():
        raise TargetUnusableError(f"There is no folder {target.parent}.")


def check(copy: Path, stop: Stop = never, rows: dict[str, int] | None = None) -> None:
    """Read all of it, indexes too, and count its rows.

    Raises DatabaseCorruptError (DB008) when it isn't whole, BackupFailedError (DB013) when stopped.
    """
    try:
        with reading(copy) as connection:
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            connection.set_progress_handler(stop, _OPERATIONS)
            (verdict,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            found = count_rows(connection)
    except SQLITE_ERRORS as error:
        raise _failure(error) from error
    if verdict != "ok":
        raise DatabaseCorruptError(details={"check": verdict})
    if rows is not None and found != rows:
        raise BackupFailedError("The copy doesn't hold what the database does.")


@contextmanager
def reading(copy: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy, which nobody writes, leaving no other file beside it."""
    with closing(connect(copy, "ro&immutable=1")) as connection:
        yield connection


def facts_of(copy: Path) -> Facts | None:
    """What was written down about a copy; None when there is nothing, or nothing readable."""
    with suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(_facts_file(copy).read_bytes(), type=Facts)
    return None


def digest(path: Path, stop: Stop = never) -> str:
    """The file's SHA-256. Raises BackupFailedError (DB013) when stopped."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            _go_on(stop)
            found.update(chunk)
    return found.hexdigest()


def remove(copy: Path) -> None:
    """Delete a copy and what is known of it, in this order. Raises OSError."""
    copy.unlink(missing_ok=True)
    _facts_file(copy).unlink(missing_ok=True)


def time_of(copy: Path) -> datetime | None:
    """When a copy was made, by its name; None for another file."""
    with suppress(ValueError):
        return datetime.strptime(copy.stem, _NAME).replace(tzinfo=UTC)
    return None


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table has."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL %'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in tables
    }


def settle(part: Path, target: Path) -> None:
    """Bring a finished file to the disk, and only then give it its name."""
    _sync(part)
    part.replace(target)
    _sync(target.parent)


def _prepared(folder: Path) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob("*.part*"):
        left.unlink()
    return folder


@contextmanager
def part_of(target: Path) -> Iterator[Path]:
    """An empty private file, of a name that nobody has; gone afterwards, unless it got its own."""
    file, name = tempfile.mkstemp(".part", f"{target.stem}.", target.parent)
    os.close(file)
    part = Path(name)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _snapshot(live: sqlite3.Connection) -> dict[str, int]:
    """Begin to read: what others commit from now on is not seen."""
    live.execute("BEGIN")
    return count_rows(live)


def _require_room(folder: Path, live: sqlite3.Connection, spare_bytes: int) -> None:
    (pages,) = live.execute("PRAGMA page_count").fetchone()
    (page_bytes,) = live.execute("PRAGMA page_size").fetchone()
    needed, free = pages * page_bytes + spare_bytes, shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFailedError(
            "There is not enough space on the disk.",
            details={"needed_bytes": needed, "free_bytes": free},
        )


def _copy(live: sqlite3.Connection, part: Path, stop: Stop) -> None:
    with closing(connect(part, "rw")) as copy:
        # Until it has its name it may be lost; then it is brought to the disk as a whole.
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute("PRAGMA journal_mode = OFF")
        live.backup(copy, pages=_STEP_PAGES, progress=lambda *_: _go_on(stop))
        # One file, that needs no other beside it when it is read.
        copy.execute("PRAGMA journal_mode = DELETE")


def _go_on(stop: Stop) -> None:
    if stop():
        raise _broken_off()


def _broken_off() -> BackupFailedError:
    return BackupFailedError("The backup was broken off.")


def _write_facts(copy: Path, facts: Facts) -> None:
    target = _facts_file(copy)
    with part_of(target) as part:
        part.write_bytes(msgspec.json.format(msgspec.json.encode(facts)))
        settle(part, target)


def _facts_file(copy: Path) -> Path:
    return copy.with_suffix(".json")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(error: OSError | sqlite3.Error | UnicodeDecodeError) -> AppError:
    """A damaged database is said as such; all else is a backup that couldn't be made."""
    if isinstance(error, OSError):
        return BackupFailedError(
            f"No backup could be made: {error.strerror}.", details={"file": error.filename}
        )
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
        return _broken_off()
    known = translate(error)
    if isinstance(known, DatabaseCorruptError):
        return known
    return BackupFailedError(f"No backup could be made: {error}.", details=known.details)
