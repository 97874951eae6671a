"""Which questions a filter means: statements that only walk an index, whatever is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias, get_args
from uuid import UUID

import msgspec

from main_process.repositories.tracking import SQLValue
from shared_contracts.contract import MAX_COUNTED
from shared_contracts.questions import Difficulty, Kind, QuestionFilter, Source

Statement: TypeAlias = tuple[str, tuple[SQLValue, ...]]
PRIVATE = "\ue000"
"""A letter for private use, which begins the words that stand for a filter and is in no query."""
_FACETS = " AND kind = ? AND difficulty = ? AND source = ?"


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """The last question shown, by what the list is ordered by."""

    topic: str
    id: UUID


@dataclass(frozen=True, slots=True)
class _Run:
    """A part of an index that holds questions in the order of the list."""

    index: str
    where: str
    values: tuple[SQLValue, ...]
    topic: str | None

    def after(self, place: Place | None) -> _Run:
        """What of it follows the place."""
        if place is None or (self.topic is not None and self.topic > place.topic):
            return self
        where, values = " AND id > ?", (*self.values, place.id.bytes)
        if self.topic is None:
            where, values = " AND (topic, id) > (?, ?)", (*self.values, place.topic, place.id.bytes)
        return replace(self, where=self.where + where, values=values)

    def select(self, columns: str) -> str:
        return f"SELECT {columns} FROM questions q INDEXED BY {self.index} WHERE {self.where}"


def page(
    owner: bytes, wanted: QuestionFilter, columns: str, limit: int, after: Place | None
) -> Statement:
    """The first `limit` that follow, by topic and id."""
    runs = [
        run.after(after)
        for run in _runs(owner, wanted)
        if run.topic is None or after is None or run.topic >= after.topic
    ]
    if not runs:
        return f"SELECT {columns} FROM questions q WHERE false", ()
    if len(runs) == 1:
        return f"{runs[0].select(columns)} ORDER BY topic, id LIMIT ?", (*runs[0].values, limit)
    firsts = [
        f"SELECT * FROM ({run.select('q.rowid, topic, id')} ORDER BY topic, id LIMIT ?)"
        for run in runs
    ]
    merged = f"SELECT rowid FROM ({' UNION ALL '.join(firsts)}) ORDER BY topic, id LIMIT ?"
    statement = f"SELECT {columns} FROM questions q WHERE rowid IN ({merged}) ORDER BY topic, id"
    values = [value for run in runs for value in (*run.values, limit)]
    return statement, (*values, limit)


def count(owner: bytes, wanted: QuestionFilter) -> Statement:
    """How many match, up to MAX_COUNTED and one more."""
    runs = _runs(owner, wanted)
    selects = " UNION ALL ".join(run.select("1") for run in runs)
    values = [value for run in runs for value in run.values]
    return f"SELECT count(*) FROM ({selects} LIMIT ?)", (*values, MAX_COUNTED + 1)


def facets(wanted: QuestionFilter) -> str:
    """The filter as words of the full-text index, as the view `question_texts` makes them."""
    choices: Sequence[tuple[str, Sequence[str]]] = (
        ("kind", wanted.kinds),
        ("difficulty", wanted.difficulties),
        ("source", wanted.sources),
        ("topic", [topic.replace("-", PRIVATE) for topic in wanted.topics]),
    )
    groups = [
        " OR ".join(f'"{PRIVATE}{name}{option}"' for option in options)
        for name, options in choices
        if options
    ]
    return "".join(f" AND ({group})" for group in groups)


def _runs(owner: bytes, wanted: QuestionFilter) -> list[_Run]:
    where, index = "owner_id = ? AND deleted_at IS NULL", "ix_questions_live"
    combinations: Sequence[tuple[str, ...]] = [()]
    if wanted.kinds or wanted.difficulties or wanted.sources:
        where, index = where + _FACETS, "ix_questions_live_facets"
        combinations = list(
            product(
                set(wanted.kinds or get_args(Kind)),
                set(wanted.difficulties or get_args(Difficulty)),
                set(wanted.sources or get_args(Source)),
            )
        )
    if not wanted.topics:
        return [_Run(index, where, (owner, *one), None) for one in combinations]
    return [
        _Run(index, f"{where} AND topic = ?", (owner, *one, topic), topic)
        for topic in sorted(set(wanted.topics))
        for one in combinations
    ]
