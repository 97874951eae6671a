"""Commits what several callers asked for in one transaction, each in a savepoint of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from main_process.database.connection import SQLITE_ERRORS, translate
from main_process.database.unit_connection import Transaction, UnitConnection
from shared_contracts.errors import QueryFailedError

# Spelt as no operation would: a statement that is prepared already isn't asked about any more.
_BEGIN = "BEGIN IMMEDIATE TRANSACTION -- of a group"
_COMMIT = "COMMIT TRANSACTION -- of a group"


class Outcome(NamedTuple):
    """What an operation returned, or why nothing of it was written."""

    value: Any
    failure: BaseException | None


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
    tx.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        # A full disk, for one, makes SQLite roll back everything by itself.
        if tx.in_transaction:
            tx.execute("ROLLBACK TO part")
            tx.execute("RELEASE part")
        raise
    tx.execute("RELEASE part")


def _in_savepoint(operation: Callable[[Transaction], Any], connection: UnitConnection) -> Outcome:
    """Whatever the operation raises is its own caller's, unless the transaction is gone."""
    began = connection.begin_unit()
    connection.execute("SAVEPOINT operation")
    value: Any = None
    failure: Exception | None = None
    try:
        value = operation(connection)
    except Exception as error:
        if not connection.in_transaction:
            # A full disk, for one, makes SQLite roll back everything by itself.
            raise _gone(error) from error
        connection.execute("ROLLBACK TO operation")
        failure = _own(error)
    finally:
        connection.end_unit(began)
    connection.execute("RELEASE operation")
    return Outcome(value, failure)


def _own(error: Exception) -> Exception:
    if isinstance(error, SQLITE_ERRORS):
        return translate(error)
    if isinstance(error, StopIteration):
        # No future takes this exception, so whoever waits for it would wait for ever.
        return RuntimeError("a unit of work raised StopIteration")
    return error


def _gone(error: Exception) -> Exception:
    if isinstance(error, SQLITE_ERRORS):
        return error
    return QueryFailedError("The database gave up the transaction that the operation was in.")
