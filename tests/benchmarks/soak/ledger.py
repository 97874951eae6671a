"""What the app confirmed, to be held against what is in its database at the end."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple
from uuid import UUID

from tests.benchmarks.soak.page import CallError

What = Literal["title", "draft", "answer", "job", "skip", "question", "dispute", "deletion"]
NOTHING = None
Value = str | bool | None


class Key(NamedTuple):
    """One thing that a person changes."""

    what: What
    id: UUID


class Loss(NamedTuple):
    """A confirmed change that is not there."""

    what: What
    id: UUID
    confirmed: Value
    found: Value


class Ledger:
    """For each thing, what it was confirmed to be, and what was written after that without an
    answer: either may be there.
    """

    def __init__(self) -> None:
        self.confirmed = 0
        self._last: dict[Key, Value] = {}
        self._since: defaultdict[Key, list[Value]] = defaultdict(list)

    def confirm(self, what: What, thing: UUID, value: Value) -> None:
        """It was said to be so."""
        self.confirmed += 1
        self._last[Key(what, thing)] = value
        self._since.pop(Key(what, thing), None)

    @contextmanager
    def writing(self, what: What, thing: UUID, value: Value) -> Iterator[None]:
        """Write within: what ends without an error is confirmed, what may have been done kept."""
        try:
            yield
        except BaseException as error:
            if not isinstance(error, CallError) or error.outcome_unknown:
                self._since[Key(what, thing)].append(value)
            raise
        self.confirm(what, thing, value)

    def losses(self, database: Path) -> list[Loss]:
        """What was confirmed and is not in the database file."""
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            found = _read(connection)
        answered = {UUID(bytes=row) for row in found.answered}
        return [
            Loss(key.what, key.id, value, found.values.get(key, NOTHING))
            for key, value in self._last.items()
            if found.values.get(key, NOTHING) not in {value, *self._since.get(key, ())}
            # A draft becomes the answer that is handed in, also when nobody heard of it.
            and not (key.what == "draft" and key.id in answered)
        ]


class _Found(NamedTuple):
    values: dict[Key, Value]
    answered: set[bytes]


def _read(connection: sqlite3.Connection) -> _Found:
    """All that the database holds of what a ledger may know."""
    values: dict[Key, Value] = {}

    def put(what: What, statement: str) -> None:
        for thing, value in connection.execute(statement):
            values[Key(what, UUID(bytes=thing))] = value

    put("title", "SELECT id, title FROM sessions")
    put("draft", "SELECT session_question_id, text FROM drafts")
    put("answer", "SELECT id, text FROM answers")
    put("question", "SELECT id, prompt FROM questions")
    for (answer,) in connection.execute("SELECT answer_id FROM evaluation_jobs"):
        values[Key("job", UUID(bytes=answer))] = True
    for thing, deleted in connection.execute("SELECT id, deleted_at IS NOT NULL FROM sessions"):
        values[Key("deletion", UUID(bytes=thing))] = bool(deleted)
    for thing, status in connection.execute("SELECT id, status FROM session_questions"):
        values[Key("skip", UUID(bytes=thing))] = status == "skipped"
    for thing, dispute in connection.execute("SELECT id, dispute FROM evaluations"):
        said = json.loads(dispute) if dispute else None
        values[Key("dispute", UUID(bytes=thing))] = said["comment"] if said else None
    answered = {row[0] for row in connection.execute("SELECT session_question_id FROM answers")}
    return _Found(values, answered)
