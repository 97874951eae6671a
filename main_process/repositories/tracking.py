"""Writes a person's rows, and with each its line in the change log, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import msgspec

from main_process.database import Transaction
from main_process.workspace import Workspace, new_id, now
from shared_contracts.errors import ConflictError, NotFoundError

SQLValue: TypeAlias = bytes | str | int | float | None

TRACKED = frozenset(
    {"answers", "evaluations", "questions", "session_questions", "sessions", "settings"}
)
"""The tables whose every change is logged."""


class _Change(NamedTuple):
    """One line of the change log; `fields` are the names of the columns that were written."""

    entity: str
    row_id: bytes
    operation: str
    fields: list[str]
    revision_before: int


class Tracker:
    """Inserts, updates and soft-deletes rows of the tracked tables.

    Table and column names come from the repositories, never from a message; values are parameters.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def insert(
        self,
        tx: Transaction,
        entity: str,
        row_id: bytes,
        values: Mapping[str, SQLValue],
    ) -> int:
        """Add a row with revision 1. Returns its time, in microseconds."""
        created = now()
        row = {
            "owner_id": self.workspace.owner,
            "id": row_id,
            **values,
            "created_at": created,
            "updated_at": created,
            "revision": 1,
        }
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        tx.execute(
            f"INSERT INTO {_table(entity)} ({names}) VALUES ({marks})",
            tuple(row.values()),
        )
        self._log(tx, _Change(entity, row_id, "insert", sorted(values), 0))
        return created

    def update(
        self,
        tx: Transaction,
        entity: str,
        row_id: bytes,
        values: Mapping[str, SQLValue],
        *,
        revision: int | None = None,
    ) -> int:
        """Change a row and return its new revision.

        Raises NotFoundError (DB007), or ConflictError (DB006) when `revision` is given and not the
        stored one.
        """
        stored = self._revision(tx, entity, row_id)
        if revision is not None and revision != stored:
            raise ConflictError(details={"revision": stored})
        row = {**values, "updated_at": now(), "revision": stored + 1}
        assignments = ", ".join(f"{name} = ?" for name in row)
        tx.execute(
            f"UPDATE {_table(entity)} SET {assignments} WHERE owner_id = ? AND id = ?",
            (*row.values(), self.workspace.owner, row_id),
        )
        operation = "delete" if values.get("deleted_at") else "update"
        self._log(tx, _Change(entity, row_id, operation, sorted(values), stored))
        return stored + 1

    def purge(self, tx: Transaction, entity: str, row_id: bytes) -> None:
        """Remove a row for good. Raises NotFoundError (DB007)."""
        stored = self._revision(tx, entity, row_id)
        tx.execute(
            f"DELETE FROM {_table(entity)} WHERE owner_id = ? AND id = ?",
            (self.workspace.owner, row_id),
        )
        self._log(tx, _Change(entity, row_id, "purge", [], stored))

    def _revision(self, tx: Transaction, entity: str, row_id: bytes) -> int:
        row = tx.execute(
            f"SELECT revision FROM {_table(entity)} WHERE owner_id = ? AND id = ?",
            (self.workspace.owner, row_id),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"entity": entity})
        return int(row[0])

    def _log(self, tx: Transaction, change: _Change) -> None:
        tx.execute(
            "INSERT INTO change_log (owner_id, id, device_id, clock, entity, entity_id, operation,"
            " fields, revision_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self.workspace.owner,
                new_id().bytes,
                self.workspace.device,
                self.workspace.clock.tick(),
                change.entity,
                change.row_id,
                change.operation,
                to_json(change.fields),
                change.revision_before,
            ),
        )


def _table(entity: str) -> str:
    if entity not in TRACKED:
        msg = f"{entity!r} is not a tracked table"
        raise ValueError(msg)
    return entity


def to_json(value: object) -> str:
    """The text of a JSON column."""
    return msgspec.json.encode(value).decode()
