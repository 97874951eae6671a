"""The backups of a profile: which there are, what they hold, and which of them are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from main_process.database import copies
from main_process.database.check import check_at_next_start, connect
from main_process.database.connection import SQLITE_ERRORS
from main_process.database.copies import Facts, Stop, never
from shared_contracts.backups import Backup, Contents, Why
from shared_contracts.errors import AppError, DatabaseCorruptError

LAST = 3
"""So many of the newest are kept in any case; then the newest of each of the last ..."""
PERIODS: tuple[tuple[int, Callable[[datetime], object]], ...] = (
    (7, lambda made: made.date()),
    (4, lambda made: made.isocalendar()[:2]),
    (12, lambda made: (made.year, made.month)),
)
"""... days, weeks and months of which there is one, by UTC."""
UPGRADE_DAYS = 30
"""One that was made before the schema was changed is kept for so long."""
_CONTENTS = (
    "SELECT (SELECT count(*) FROM sessions WHERE deleted_at IS NULL),"
    " (SELECT count(*) FROM answers WHERE deleted_at IS NULL),"
    " (SELECT count(*) FROM questions WHERE source = 'own' AND deleted_at IS NULL)"
)
_PROGRESS = "SELECT max(clock), count(*) FROM change_log"


def make(database: Path, why: Why, stop: Stop = never) -> Backup:
    """Make a backup, and let go of those that needn't be kept any longer.

    Raises BackupFailedError (DB013), or DatabaseCorruptError (DB008); then the next start checks
    the whole database. The earlier backups stay in both cases.
    """
    try:
        copy = copies.make(database, why, stop)
    except DatabaseCorruptError:
        check_at_next_start(database)
        raise
    thin(database, spare=copy)
    return next(each for each in listed(database) if each.name == copy.name)


def listed(database: Path) -> list[Backup]:
    """The backups there are, the newest first."""
    found = []
    for copy, made_at in _found(database):
        with suppress(FileNotFoundError):  # Just now let go of.
            found.append(_described(copy, made_at))
    return found


def newest_good(database: Path, tell: Callable[[Path], None] = lambda _: None) -> Path | None:
    """The newest backup that is whole now, by what is in it; each before it is read through.

    `tell` is told of each that was passed over.
    """
    found = _found(database)
    for copy, _ in sorted(found, key=lambda each: _age(*each), reverse=True):
        try:
            verify(copy)
        except AppError as error:
            log = structlog.get_logger(__name__)
            log.warning("backup not usable", name=copy.name, details=error.details)
            tell(copy)
        else:
            return copy
    return None


def verify(copy: Path) -> None:
    """Read a backup through, whoever made it. Raises DatabaseCorruptError (DB008) or DB013."""
    facts = copies.facts_of(copy)
    try:
        if facts and copies.digest(copy) != facts.sha256:
            raise DatabaseCorruptError(details={"check": "not the bytes that were written"})
    except OSError as error:
        raise DatabaseCorruptError(details={"check": error.strerror}) from error
    copies.check(copy)


def contents(connection: sqlite3.Connection) -> Contents:
    """What a database holds."""
    sessions, answers, questions = connection.execute(_CONTENTS).fetchone()
    return Contents(sessions=sessions, answers=answers, questions=questions)


def is_changed(database: Path) -> bool:
    """Whether there is anything in the database that the newest backup doesn't have."""
    newest = _newest(database)
    if newest is None:
        return True
    try:
        with closing(connect(database, "ro")) as live, copies.reading(newest) as copy:
            return copies.state(live) != copies.state(copy)
    except SQLITE_ERRORS:
        return True


def seconds_needed(database: Path) -> float:
    """How long the newest backup took; 0 when it isn't known."""
    newest = _newest(database)
    facts = copies.facts_of(newest) if newest else None
    return facts.seconds if facts else 0.0


def thin(database: Path, spare: Path | None = None) -> None:
    """Delete the backups that needn't be kept; not `spare`, whatever the clock said for it."""
    found, now = _found(database), datetime.now(UTC)
    of_upgrades = [at for copy, at in found if _why(copies.facts_of(copy)) == "upgrade"]
    keep: set[datetime] = set()
    # Those from the future, made while the clock was wrong, cost none of the others its place.
    for is_future in (False, True):
        mine = [at for _, at in found if (at > now) == is_future]
        keep |= kept(mine, [at for at in of_upgrades if at in mine])
    for copy, made_at in found:
        if made_at not in keep and copy != spare:
            with suppress(OSError):
                copies.remove(copy)


def kept(made: Iterable[datetime], of_upgrades: Iterable[datetime] = ()) -> set[datetime]:
    """Which of the backups made at these times are kept.

    Periods are counted by the backups there are: a long pause, or a clock that was wrong, costs
    none.
    """
    newest_first = sorted(made, reverse=True)
    keep = set(newest_first[:LAST])
    for count, period_of in PERIODS:
        newest: dict[object, datetime] = {}
        for made_at in newest_first:
            newest.setdefault(period_of(made_at), made_at)
        keep.update(list(newest.values())[:count])
    limit = timedelta(days=UPGRADE_DAYS)
    return keep | {each for each in of_upgrades if newest_first[0] - each <= limit}


def _found(database: Path) -> list[tuple[Path, datetime]]:
    """Each backup with its time, the newest first; files of other names are no business of ours."""
    there = [(path, copies.time_of(path)) for path in copies.folder_of(database).glob("*.db")]
    return sorted(((path, at) for path, at in there if at), reverse=True)


def _newest(database: Path) -> Path | None:
    """The one that was made last: by a clock that was ahead only if there is no other."""
    found, now = _found(database), datetime.now(UTC)
    past = [copy for copy, at in found if at <= now]
    return next(iter(past or [copy for copy, _ in found]), None)


def _age(copy: Path, made_at: datetime) -> tuple[int, int, datetime]:
    """Orders backups by how far their content got; the name is as wrong as the clock was.

    The change log's own clock never goes back. Where it can't be read, the name has to do.
    """
    try:
        with copies.reading(copy) as connection:
            clock, changes = connection.execute(_PROGRESS).fetchone()
    except SQLITE_ERRORS:
        clock, changes = int(min(made_at, datetime.now(UTC)).timestamp() * 1_000) << 16, 0
    return clock or 0, changes, made_at


def _described(copy: Path, made_at: datetime) -> Backup:
    facts = copies.facts_of(copy)
    rows = facts.rows if facts else {}
    return Backup(
        name=copy.name,
        made_at=made_at,
        bytes=copy.stat().st_size,
        verified=facts is not None,
        why=_why(facts),
        sessions=rows.get("sessions"),
        answers=rows.get("answers"),
    )


def _why(facts: Facts | None) -> Why | None:
    return facts.why if facts else None
