"""A unit of work runs on the connection's thread, is timed, and can't harm what it shares."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import closing
from typing import Any

import pytest
from structlog.testing import capture_logs

from main_process.database import unit_connection
from main_process.database.unit_connection import Transaction, UnitConnection

SECRET = "what nobody else may read"
Line = MutableMapping[str, Any]


@pytest.fixture
def connection() -> Iterator[UnitConnection]:
    connection = sqlite3.connect(":memory:", isolation_level=None, factory=UnitConnection)
    with closing(connection):
        run(connection, lambda tx: tx.execute("CREATE TABLE notes (text)"))
        yield connection


def run(connection: UnitConnection, work: Callable[[UnitConnection], object]) -> object:
    """As aiosqlite does on the connection's thread."""
    return connection.execute(work).fetchall()


def unit(connection: UnitConnection) -> None:
    began = connection.begin_unit()
    connection.execute("INSERT INTO notes VALUES (?)", (SECRET,))
    connection.executemany("INSERT INTO notes VALUES (lower(?))", [(SECRET,), (SECRET,)])
    connection.execute("SELECT text FROM notes WHERE text = ?", (SECRET,)).fetchall()
    connection.end_unit(began)
    connection.execute("SELECT 'after the unit'")


def logged(connection: UnitConnection, work: Callable[[UnitConnection], object]) -> list[Line]:
    with capture_logs() as lines:
        run(connection, work)
    return lines


def test_a_function_in_place_of_a_statement_is_run(connection: UnitConnection) -> None:
    assert run(connection, lambda tx: tx.execute("SELECT 7").fetchone()) == (7,)


def test_each_slow_statement_and_unit_is_logged_by_its_text_without_values(
    connection: UnitConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_connection, "SLOW_SECONDS", 0)
    lines = logged(connection, unit)
    assert [line["sql"] for line in lines if line["event"] == "slow statement"] == [
        "(before the first statement)",
        "INSERT INTO notes VALUES (?)",
        "INSERT INTO notes VALUES (lower(?))",
        "SELECT text FROM notes WHERE text = ?",
        "SELECT 'after the unit'",
    ]
    (whole,) = (line for line in lines if line["event"] == "slow unit of work")
    assert whole["last"] == "SELECT text FROM notes WHERE text = ?"
    assert all(line["ms"] >= 0 and line["log_level"] == "warning" for line in lines)
    assert SECRET not in str(lines)


def test_what_is_quick_enough_is_not_logged(
    connection: UnitConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_connection, "SLOW_SECONDS", 3_600)
    assert logged(connection, unit) == []


def test_the_time_between_two_turns_is_nobody_s(
    connection: UnitConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(connection, unit)
    monkeypatch.setattr(unit_connection, "SLOW_SECONDS", 0)
    lines = logged(connection, lambda tx: tx.execute("SELECT 'the next turn'"))
    assert [line["sql"] for line in lines] == ["SELECT 'the next turn'"]


def test_what_fails_slowly_is_logged_too(
    connection: UnitConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_connection, "SLOW_SECONDS", 0)
    with capture_logs() as lines, pytest.raises(sqlite3.OperationalError):
        run(connection, lambda tx: tx.execute("SELECT nothing"))
    assert [line["sql"] for line in lines] == ["SELECT nothing"]


def test_stop_iteration_is_made_an_error_that_a_future_takes(connection: UnitConnection) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        run(connection, lambda _: next(iter([])))


@pytest.mark.parametrize("statement", ["BEGIN", "COMMIT", "ROLLBACK"])
def test_transactions_are_refused_within_a_unit_and_only_there(
    connection: UnitConnection, statement: str
) -> None:
    connection.refuse_transactions()
    connection.execute("BEGIN IMMEDIATE")
    began = connection.begin_unit()
    with pytest.raises(sqlite3.DatabaseError, match="not authorized"):
        connection.execute(statement)
    connection.execute("SAVEPOINT part")
    connection.execute("RELEASE part")
    connection.end_unit(began)
    assert connection.in_transaction
    connection.execute("END")
    assert not connection.in_transaction


def test_a_transaction_is_what_units_are_told_they_get(connection: UnitConnection) -> None:
    assert isinstance(connection, Transaction)


def test_a_snapshot_is_one_transaction_that_ends_whatever_happens(
    connection: UnitConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(tx: UnitConnection) -> None:
        assert tx.in_transaction
        raise KeyError

    assert connection.in_snapshot(lambda tx: tx.in_transaction)
    assert not connection.in_transaction
    monkeypatch.setattr(unit_connection, "SLOW_SECONDS", 0)
    with capture_logs() as lines, pytest.raises(KeyError):
        connection.in_snapshot(fails)
    assert not connection.in_transaction
    assert [line["event"] for line in lines] == ["slow unit of work"]
