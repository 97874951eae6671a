"""Commits what several callers asked for in one transaction, each in a savepoint of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from main_process.database.connection import SQLITE_ERRORS, translate
from main_process.database.unit_connection import PART, Transaction, UnitConnection
from shared_contracts.errors import QueryFailedError

# Spelt as no operation would: a statement that is prepared already isn't asked about any more.
_BEGIN = "BEGIN IMMEDIATE TRANSACTION -- of a group"
_COMMIT = "COMMIT TRANSACTION -- of a group"
_ENTER = "SAVEPOINT operation -- of a group"
_TAKE_BACK = "ROLLBACK TO operation -- of a group"
_LEAVE = "RELEASE operation -- of a group"
_SAVE, _UNDO, _KEEP = f"SAVEPOINT {PART}", f"ROLLBACK TO {PART}", f"RELEASE {PART}"


class Outcome(NamedTuple):
    """What an operation returned, or why nothing of it was written."""

    value: Any
    failure: Exception | None


def commit_together(
    operations: Sequence[Callable[[Transaction], Any]], connection: UnitConnection
) -> list[Outcome]:
    """Run them in order and commit. When this raises, nothing of any of them was written."""
    connection.execute(_BEGIN)
    try:
        outcomes = [_in_savepoint(operation, connection) for operation in operations]
        connection.execute(_COMMIT)
    except BaseException:
        # What SQLite says to this changes nothing: the connection is given up after such an error.
        with suppress(sqlite3.Error):
            connection.rollback()
        raise
    return outcomes


@contextmanager
def savepoint(tx: Transaction) -> Iterator[None]:
    """A part of a unit of work that is undone by itself when it raises, and may hold such parts."""
    tx.execute(_SAVE)
    try:
        yield
    except BaseException:
        # A full disk, for one, makes SQLite roll back everything by itself.
        if tx.in_transaction:
            tx.execute(_UNDO)
            tx.execute(_KEEP)
        raise
    tx.execute(_KEEP)


def _in_savepoint(operation: Callable[[Transaction], Any], connection: UnitConnection) -> Outcome:
    """Whatever the operation raises is its own caller's, unless the transaction is gone."""
    connection.execute(_ENTER)
    began = connection.begin_unit()
    value: Any = None
    raised: BaseException | None = None
    try:
        value = operation(connection)
    except BaseException as error:  # noqa: BLE001  its neighbours go on
        raised = error
    finally:
        connection.end_unit(began)
    if raised is not None:
        if not connection.in_transaction:
            # A full disk, for one, makes SQLite roll back everything by itself.
            raise _gone(raised) from raised
        connection.execute(_TAKE_BACK)
    connection.execute(_LEAVE)
    return Outcome(value, _own(raised) if raised else None)


def _own(error: BaseException) -> Exception:
    if isinstance(error, SQLITE_ERRORS):
        return translate(error)
    if isinstance(error, StopIteration) or not isinstance(error, Exception):
        # No future takes the one, so whoever waits for it would wait for ever; the others, such as
        # SystemExit, would end the loop that everybody shares.
        return RuntimeError(f"a unit of work raised {type(error).__name__}")
    return error


def _gone(error: BaseException) -> Exception:
    if isinstance(error, SQLITE_ERRORS):
        return error
    return QueryFailedError("The database gave up the transaction that the operation was in.")
