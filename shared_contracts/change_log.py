"""What two devices know of one row, compared: who is ahead, and what was changed on both sides.

Pure: histories in, a comparison out. The values are not in a history; who merges reads them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Operation = Literal["insert", "update", "delete", "purge"]
Relation = Literal["same", "ahead", "behind", "concurrent"]

DELETED = "deleted_at"
"""The field that says of a row that it is deleted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change log. `clock` orders the lines of all devices, ties by device."""

    id: UUID
    device: UUID
    clock: int
    operation: Operation
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How our history of a row stands to theirs.

    `ours` and `theirs` are the fields that only one side changed since they last agreed: taken from
    its side each, they merge. `conflicts` are those that need a decision: both changed them, or it
    is `deleted_at` and one side deleted what the other went on with.
    """

    relation: Relation
    ours: frozenset[str] = frozenset()
    theirs: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()


def compare(ours: Iterable[Change], theirs: Iterable[Change]) -> Comparison:
    """Compare what two devices know of one row, in whatever order the lines come.

    A history that has all lines of the other, and more, is ahead of it: whoever made them knew the
    others. Where both have lines of their own, these were made without knowing of each other.
    """
    our_lines = {change.id: change for change in ours}
    their_lines = {change.id: change for change in theirs}
    mine = _Side([line for key, line in our_lines.items() if key not in their_lines])
    other = _Side([line for key, line in their_lines.items() if key not in our_lines])
    if mine.lines and other.lines:
        conflicts = _conflicts(mine, other)
        return Comparison(
            "concurrent",
            mine.fields - other.fields - conflicts,
            other.fields - mine.fields - conflicts,
            conflicts,
        )
    if mine.lines:
        return Comparison("ahead", ours=mine.fields)
    return Comparison("behind", theirs=other.fields) if other.lines else Comparison("same")


class _Side:
    """The lines that only one side has, and what they come to."""

    def __init__(self, lines: Sequence[Change]) -> None:
        self.lines = lines
        self.fields = frozenset[str]().union(*map(_fields, lines))
        said = [line for line in lines if DELETED in _fields(line)]
        last = max(said, key=lambda line: (line.clock, line.device), default=None)
        self.deletes = last is not None and last.operation in {"delete", "purge"}


def _fields(change: Change) -> frozenset[str]:
    """What it wrote; to purge a row is to delete it."""
    return change.fields | {DELETED} if change.operation == "purge" else change.fields


def _conflicts(mine: _Side, other: _Side) -> frozenset[str]:
    both = mine.fields & other.fields
    if mine.deletes and other.deletes:
        return both - {DELETED}
    return both | {DELETED} if mine.deletes or other.deletes else both
