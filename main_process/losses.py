"""What a database holds that a backup of it doesn't, row by row: no clock is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from main_process.database.check import at_rest, connect, uri
from main_process.database.connection import SQLITE_ERRORS
from shared_contracts.backups import Contents

_log = structlog.get_logger(__name__)
_MADE = (
    "SELECT (SELECT count(*) FROM main.sessions AS live WHERE deleted_at IS NULL{sessions}),"
    " (SELECT count(*) FROM main.answers AS live WHERE deleted_at IS NULL{answers}),"
    " (SELECT count(*) FROM main.questions AS live WHERE source = 'own' AND deleted_at IS NULL"
    "{questions})"
)
_NOT_IN_BACKUP = (
    " AND NOT EXISTS (SELECT 1 FROM backup.{0} AS old"
    " WHERE old.owner_id = live.owner_id AND old.id = live.id AND old.deleted_at IS NULL)"
)
_CHANGES = (
    "SELECT count(*) FROM main.change_log AS live WHERE NOT EXISTS"
    " (SELECT 1 FROM backup.change_log AS old"
    " WHERE old.owner_id = live.owner_id AND old.id = live.id)"
    # The shipped questions come again by themselves.
    " AND NOT (entity = 'questions' AND EXISTS (SELECT 1 FROM main.questions AS shipped"
    " WHERE shipped.owner_id = live.owner_id AND shipped.id = live.entity_id"
    " AND shipped.source <> 'own'))"
)
_DRAFTS = "SELECT count(*) FROM main.drafts WHERE text <> ''"
_NEW_DRAFTS = (
    "SELECT count(*) FROM main.drafts AS live LEFT JOIN backup.drafts AS old"
    " ON old.owner_id = live.owner_id AND old.session_question_id = live.session_question_id"
    " WHERE live.text <> coalesce(old.text, '')"
)
_HAS_RECORDINGS = "SELECT count(*) FROM {0}.sqlite_master WHERE name = 'recordings'"
_RECORDINGS = "SELECT count(*) FROM main.recordings"
_NEW_RECORDINGS = (
    "SELECT count(*) FROM main.recordings AS live WHERE NOT EXISTS"
    " (SELECT 1 FROM backup.recordings AS old"
    " WHERE old.owner_id = live.owner_id AND old.id = live.id)"
)


@dataclass(frozen=True, slots=True)
class Losses:
    """What would be lost by going back to a backup, or to nothing.

    `made` is what there is besides, `changes` what was saved of all kinds, `drafts` the texts that
    weren't handed in, `recordings` what was spoken. None stands for what can't be read any more.
    """

    made: Contents | None = None
    changes: int | None = None
    drafts: int | None = None
    recordings: int | None = None

    @property
    def known(self) -> str:
        """All that is known to be lost, in words; empty when that is nothing."""
        return _listed(
            [
                *(_counted(self.made) if self.made else ()),
                *_phrases(
                    (self.drafts or 0, "text that wasn't", "texts that weren't"), " handed in"
                ),
                *_phrases((self.recordings or 0, "recording", "recordings")),
                *_phrases((self.changes or 0, "change", "changes"), " in all"),
            ]
        )

    @property
    def unknown(self) -> str:
        """What isn't known, in words."""
        parts = (
            (self.made, "interviews, answers and questions of your own"),
            (self.drafts, "texts that weren't handed in"),
            (self.recordings, "recordings"),
            (self.changes, "changes"),
        )
        return _listed([words for value, words in parts if value is None])

    @property
    def is_unknown(self) -> bool:
        """Whether nothing at all could be read."""
        return self == Losses()


def since(database: Path, backup: Path | None) -> Losses:
    """What `database` holds and `backup` doesn't; all it holds when there is no backup."""
    try:
        if not database.stat().st_size:
            return Losses()
        with _both(database, backup) as connection:
            return _read(connection, is_compared=backup is not None)
    except (OSError, *SQLITE_ERRORS) as error:
        _log.info("the database can't be compared", error=type(error).__name__)
    return Losses()


def in_words(contents: Contents) -> str:
    """What a backup holds, with what it has none of."""
    return _listed(_counted(contents, least=0))


@contextmanager
def _both(database: Path, backup: Path | None) -> Iterator[sqlite3.Connection]:
    with closing(connect(database, at_rest(database))) as connection:
        if backup:
            connection.execute("ATTACH ? AS backup", (uri(backup, at_rest(backup)),))
        yield connection


def _read(connection: sqlite3.Connection, *, is_compared: bool) -> Losses:
    """Each for itself: what one of them needs may be damaged, and the others not."""
    tables = ("sessions", "answers", "questions")
    besides = {name: _NOT_IN_BACKUP.format(name) if is_compared else "" for name in tables}
    made = _row(connection, _MADE.format(**besides))
    drafts = _row(connection, _NEW_DRAFTS if is_compared else _DRAFTS)
    # Without a backup what there is says it all, if it can be read.
    changes = _row(connection, _CHANGES) if is_compared else (0,) if made or drafts else None
    recordings = _recordings(connection, is_compared=is_compared)
    return Losses(
        Contents(sessions=made[0], answers=made[1], questions=made[2]) if made else None,
        changes[0] if changes else None,
        drafts[0] if drafts else None,
        recordings[0] if recordings else None,
    )


def _recordings(connection: sqlite3.Connection, *, is_compared: bool) -> tuple[int, ...] | None:
    """Older schemas have none."""
    known = [
        _row(connection, _HAS_RECORDINGS.format(schema))
        for schema in ("main", "backup")[: 1 + is_compared]
    ]
    if not all(known):
        return None
    ours, *theirs = [bool(each and each[0]) for each in known]
    if not ours:
        return (0,)
    return _row(connection, _NEW_RECORDINGS if any(theirs) else _RECORDINGS)


def _row(connection: sqlite3.Connection, query: str) -> tuple[int, ...] | None:
    try:
        found: tuple[int, ...] = connection.execute(query).fetchone()
    except SQLITE_ERRORS as error:
        _log.info("a part of the database can't be read", error=type(error).__name__)
        return None
    return found


def _counted(contents: Contents, least: int = 1) -> list[str]:
    counts = (
        (contents.sessions, "interview", "interviews"),
        (contents.answers, "answer", "answers"),
        (contents.questions, "question of your own", "questions of your own"),
    )
    return [phrase for count in counts for phrase in _phrases(count, least=least)]


def _phrases(count: tuple[int, str, str], after: str = "", *, least: int = 1) -> list[str]:
    number, one, many = count
    return [f"{number:,} {one if number == 1 else many}{after}"] if number >= least else []


def _listed(words: list[str]) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last
