"""Writes a person's rows, and with each its line in the change log, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple, TypeAlias
from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.workspace import Workspace, new_key, now
from shared_contracts.change_log import Change
from shared_contracts.errors import ConflictError, NotFoundError

SQLValue: TypeAlias = bytes | str | int | float | None

TRACKED = frozenset(
    {"answers", "evaluations", "questions", "session_questions", "sessions", "settings"}
)
"""The tables whose every change is logged."""


class _Change(NamedTuple):
    """One line of the change log; `fields` names the columns that were written, as JSON."""

    entity: str
    row_id: bytes
    operation: str
    fields: str
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
        names = tuple(values)
        created = now()
        tx.execute(
            _insert(entity, names),
            (self.workspace.owner, row_id, created, created, *values.values()),
        )
        self._log(tx, _Change(entity, row_id, "insert", _fields(names), 0))
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
        names = tuple(values)
        key = (self.workspace.owner, row_id)
        row = tx.execute(
            _update(entity, names, checked=revision is not None),
            (now(), *values.values(), *key, *(() if revision is None else (revision,))),
        ).fetchone()
        if row is None:
            raise self._refusal(tx, entity, row_id)
        operation = "delete" if values.get("deleted_at") else "update"
        self._log(tx, _Change(entity, row_id, operation, _fields(names), row[0] - 1))
        return int(row[0])

    def purge(self, tx: Transaction, entity: str, row_id: bytes) -> None:
        """Remove a row for good. Raises NotFoundError (DB007)."""
        row = tx.execute(_delete(entity), (self.workspace.owner, row_id)).fetchone()
        if row is None:
            raise NotFoundError(details={"entity": entity})
        self._log(tx, _Change(entity, row_id, "purge", "[]", row[0]))

    def history(self, tx: Transaction, entity: str, row_id: bytes) -> list[Change]:
        """All that this device knows of a row's changes, the oldest first."""
        rows = tx.execute(
            "SELECT id, device_id, clock, operation, fields FROM change_log"
            " WHERE owner_id = ? AND entity = ? AND entity_id = ? ORDER BY clock, device_id",
            (self.workspace.owner, entity, row_id),
        )
        return [
            Change(UUID(bytes=line), UUID(bytes=device), clock, operation, _NAMES.decode(fields))
            for line, device, clock, operation, fields in rows
        ]

    def _refusal(
        self, tx: Transaction, entity: str, row_id: bytes
    ) -> NotFoundError | ConflictError:
        """Why a row was not changed."""
        row = tx.execute(_revision(entity), (self.workspace.owner, row_id)).fetchone()
        if row is None:
            return NotFoundError(details={"entity": entity})
        return ConflictError(details={"revision": row[0]})

    def _log(self, tx: Transaction, change: _Change) -> None:
        workspace = self.workspace
        tx.execute(
            _LOG, (workspace.owner, new_key(), workspace.device, workspace.clock.tick(), *change)
        )


_NAMES = msgspec.json.Decoder(frozenset[str])
_LOG = (
    "INSERT INTO change_log (owner_id, id, device_id, clock, entity, entity_id, operation, fields,"
    " revision_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


# The texts are made once for each set of names, of which there are a few dozen in the code.
@cache
def _insert(entity: str, names: tuple[str, ...]) -> str:
    columns = ", ".join(("owner_id", "id", "created_at", "updated_at", *names, "revision"))
    marks = "?, " * (4 + len(names)) + "1"
    return f"INSERT INTO {_table(entity)} ({columns}) VALUES ({marks})"


@cache
def _update(entity: str, names: tuple[str, ...], *, checked: bool) -> str:
    assignments = "".join(f"{name} = ?, " for name in ("updated_at", *names))
    return (
        f"UPDATE {_table(entity)} SET {assignments}revision = revision + 1 WHERE owner_id = ?"
        f" AND id = ?{' AND revision = ?' if checked else ''} RETURNING revision"
    )


@cache
def _delete(entity: str) -> str:
    return f"DELETE FROM {_table(entity)} WHERE owner_id = ? AND id = ? RETURNING revision"


@cache
def _revision(entity: str) -> str:
    return f"SELECT revision FROM {_table(entity)} WHERE owner_id = ? AND id = ?"


@cache
def _fields(names: tuple[str, ...]) -> str:
    return to_json(sorted(names))


def _table(entity: str) -> str:
    if entity not in TRACKED:
        msg = f"{entity!r} is not a tracked table"
        raise ValueError(msg)
    return entity


@contextmanager
def showing_current(read: Callable[[], object]) -> Iterator[None]:
    """Let a refusal for an old revision carry what is there now, as the contracts have it."""
    try:
        yield
    except ConflictError as error:
        raise ConflictError(details=error.details | {"current": read()}) from error


def to_json(value: object) -> str:
    """The text of a JSON column."""
    return msgspec.json.encode(value).decode()
