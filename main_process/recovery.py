"""What becomes of a damaged database: it is set aside, and a backup or an empty one put in place.

Nothing is overwritten or deleted here, and a kill at any moment leaves either the old file in its
place or none, which the next start offers to mend in the same way.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from main_process import backups, losses
from main_process.database import copies
from main_process.database.check import at_rest, check, connect, forget_mark, traces
from main_process.database.connection import SQLITE_ERRORS
from main_process.database.migrate import migrate
from main_process.database.revision import known_revisions, revision
from main_process.losses import Losses
from shared_contracts.backups import Contents
from shared_contracts.errors import AppError, DatabaseCorruptError, RestoreFailedError
from shared_contracts.problem import Offered, Problem

_log = structlog.get_logger(__name__)
_WORKSHOP = ".making-"
_STAMP = "%Y-%m-%dT%H-%M-%S.%fZ"


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be put in the place of a damaged database, and what would be lost by it.

    `lost` is what the database has and the backup doesn't, or all of it without one.
    """

    error: DatabaseCorruptError
    backup: Path | None
    made_at: datetime | None
    contents: Contents | None
    lost: Losses


def assess(database: Path, error: DatabaseCorruptError) -> Offer:
    """Find the newest good backup, and compare it with what can still be read of the database."""
    backup = backups.newest_good(database)
    made_at = copies.time_of(backup) if backup else None
    holds = None
    if backup:
        with copies.reading(backup) as connection:
            holds = backups.contents(connection)
    return Offer(error, backup, made_at, holds, losses.since(database, backup))


def restore(database: Path, source: Path) -> Path | None:
    """Put the content of `source`, a backup or any database of ours, in the database's place.

    Returns where the file that was there is now, None if there was none. Raises RestoreFailedError
    (DB014); then everything is as it was.
    """
    _refuse_unusable(database, source)
    try:
        with workshop(database) as made:
            if copies.facts_of(source):
                backups.verify(source)
            copies.take(source, made)
            before = put_in_place(made, database)
    except DatabaseCorruptError as error:
        raise RestoreFailedError(
            f"{source.name} is damaged itself.", details=error.details
        ) from error
    except AppError as error:
        message = f"{source.name} could not be restored: {error.message}"
        raise RestoreFailedError(message, details=error.details) from error
    except OSError as error:
        raise _failed(source, error) from error
    _log.warning("backup restored", name=source.name, set_aside=before and before.name)
    return before


def start_empty(database: Path) -> Path | None:
    """Put an empty database in its place. Returns where the one that was there is now.

    Raises RestoreFailedError (DB014); then everything is as it was.
    """
    try:
        with workshop(database) as made:
            migrate(made)
            before = put_in_place(made, database)
    except OSError as error:
        raise _failed(database, error) from error
    _log.warning("begun with an empty database", set_aside=before and before.name)
    return before


def lost_by(database: Path, source: Path) -> str:
    """In words, what restoring `source` loses of what the database holds, as far as it is known."""
    lost = losses.since(database, source)
    if lost.is_unknown:
        return "What was made after it is not in it; how much that is can't be read."
    return " ".join(_later(lost, "not in it"))


def explained(offer: Offer) -> DatabaseCorruptError:
    """The error with what is offered, for somebody at a terminal."""
    message = " ".join((offer.error.message, *_sentences(offer)))
    return DatabaseCorruptError(message, details=offer.error.details)


def problem_of(offer: Offer, failure: RestoreFailedError | None = None) -> Problem:
    """The page that lets a person choose; `failure` is how the last choice came out."""
    error = msgspec.structs.replace((failure or offer.error).to_ipc(), remedy="")
    choices = [
        Offered(choice="restore", label="Restore the backup"),
        Offered(choice="empty", label="Start with nothing"),
        Offered(choice="quit", label="Quit"),
    ]
    return Problem(
        title="Your interviews can't be opened",
        error=error,
        more=(*_sentences(offer), "The damaged file is kept, whatever you choose."),
        offered=tuple(choices if offer.backup else choices[1:]),
    )


def _sentences(offer: Offer) -> tuple[str, ...]:
    lost = offer.lost
    if offer.made_at is None or offer.contents is None:
        return _without_backup(lost)
    local = offer.made_at.astimezone()
    when = f"{local.day} {local:%B %Y, %H:%M}"
    holds = f"The newest good backup is from {when}. It holds {losses.in_words(offer.contents)}."
    if lost.is_unknown:
        return holds, "Whatever was made after it is lost; how much that is can't be read any more."
    return holds, *_later(lost, "lost with the damaged file")


def _without_backup(lost: Losses) -> tuple[str, ...]:
    if lost.is_unknown:
        return ("There is no good backup, and how much was in the file can't be read any more.",)
    missing = (
        f"{lost.known} would be missing"
        if lost.known
        else "nothing that can be read would be missing"
    )
    first = f"There is no good backup, and {missing}."
    return (
        (first, f"It can't be read any more how many {lost.unknown} there were.")
        if lost.unknown
        else (first,)
    )


def _later(lost: Losses, where: str) -> tuple[str, ...]:
    """Said of a backup; never that nothing was made after it when that isn't known."""
    said = []
    if lost.known:
        said.append(f"Made after it, and {where}: {lost.known}.")
    if lost.unknown:
        said.append(f"It can't be read any more how many {lost.unknown} there were after it.")
    return tuple(said) or ("Nothing was made after it.",)


@contextmanager
def workshop(database: Path) -> Iterator[Path]:
    """A place on the same disk, where a database is made before it takes the other's place."""
    for left in database.parent.glob(f"{_WORKSHOP}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_WORKSHOP, dir=database.parent) as name:
        yield Path(name) / database.name


def put_in_place(made: Path, database: Path) -> Path | None:
    """Give the finished file the database's name. Returns where the one of that name is now."""
    made.chmod(0o600)
    before = _set_aside(database)
    copies.settle(made, database)
    return before


def left_aside(folder: Path) -> list[Path]:
    """The files, and folders, that were set aside or left half made in the database's folder."""
    patterns = ("interview-damaged-*", "interview-replaced-*", f"{_WORKSHOP}*")
    return [path for pattern in patterns for path in folder.glob(pattern)]


def last_set_aside(folder: Path) -> datetime | None:
    """When a database was last set aside that is still in `folder`."""
    times = []
    for path in folder.glob("interview-*.db"):
        with suppress(ValueError):
            stamp = path.stem.removeprefix("interview-").partition("-")[2]
            times.append(datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC))
    return max(times, default=None)


def _refuse_unusable(database: Path, source: Path) -> None:
    """Only a database of this app, of a version that is known, and not the one that is used."""
    try:
        if database.exists() and source.samefile(database):
            raise RestoreFailedError("This is the database that is in use.")
        with closing(connect(source, at_rest(source))) as connection:
            found = revision(connection)
    except OSError as error:
        raise _failed(source, error) from error
    except SQLITE_ERRORS as error:
        raise RestoreFailedError(f"{source.name} can't be read: {error}.") from error
    if found is None:
        raise RestoreFailedError(f"{source.name} is not a database of this app.")
    if found not in known_revisions():
        raise RestoreFailedError(
            f"{source.name} was written by a newer version of the app.", details={"found": found}
        )


def _set_aside(database: Path) -> Path | None:
    """Rename the file, then what belongs to it: a log that was left would spoil the next one."""
    kind = "damaged" if _is_damaged(database) else "replaced"
    aside = database.with_name(f"interview-{kind}-{datetime.now(UTC).strftime(_STAMP)}.db")
    moved = False
    shared_memory = database.with_name(f"{database.name}-shm")
    for path in (database, *traces(database), shared_memory):
        with suppress(FileNotFoundError):
            path.rename(aside.with_name(path.name.replace(database.name, aside.name, 1)))
            moved = True
    forget_mark(database)
    return aside if moved else None


def _is_damaged(database: Path) -> bool:
    try:
        check(database)
    except AppError:
        return True
    return False


def _failed(source: Path, error: OSError) -> RestoreFailedError:
    return RestoreFailedError(
        f"{source.name} could not be restored: {error.strerror}.", details={"file": error.filename}
    )
