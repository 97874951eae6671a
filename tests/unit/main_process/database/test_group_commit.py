"""Several operations share one commit; each stands or falls alone, unless all must fall."""

from __future__ import annotations

import sqlite3
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.database import Transaction, savepoint
from main_process.database.group_commit import Outcome, commit_together
from main_process.database.unit_connection import UnitConnection
from shared_contracts.errors import ConflictError, NotFoundError, QueryFailedError

Operation = Callable[[Transaction], object]


def open_file(path: Path | str) -> UnitConnection:
    connection = sqlite3.connect(path, isolation_level=None, factory=UnitConnection)
    connection.execute("CREATE TABLE numbers (value UNIQUE)")
    connection.refuse_transactions()
    return connection


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[UnitConnection]:
    with closing(open_file(tmp_path / "numbers.db")) as connection:
        yield connection


def put(value: int) -> Operation:
    return lambda tx: tx.execute("INSERT INTO numbers VALUES (?)", (value,)).rowcount


def then_raise(value: int, error: BaseException) -> Operation:
    def work(tx: Transaction) -> None:
        put(value)(tx)
        raise error

    return work


def stored(connection: UnitConnection) -> list[int]:
    assert not connection.in_transaction
    return [value for (value,) in connection.execute("SELECT value FROM numbers ORDER BY rowid")]


def test_each_has_its_own_outcome(connection: UnitConnection) -> None:
    error = ConflictError()
    outcomes = commit_together([put(1), then_raise(2, error), put(3), put(3)], connection)
    assert outcomes[:3] == [Outcome(1, None), Outcome(None, error), Outcome(1, None)]
    assert isinstance(outcomes[3].failure, QueryFailedError)
    assert stored(connection) == [1, 3]


def test_stop_iteration_would_reach_no_future_and_comes_as_another_error(
    connection: UnitConnection,
) -> None:
    (outcome,) = commit_together([lambda _: next(iter([]))], connection)
    assert isinstance(outcome.failure, RuntimeError)


@pytest.mark.parametrize(
    "statement",
    ["COMMIT", "ROLLBACK", "END", "BEGIN", "COMMIT TRANSACTION", "PRAGMA no_such; COMMIT"],
)
def test_an_operation_can_not_end_the_transaction_that_it_shares(
    connection: UnitConnection, statement: str
) -> None:
    def end(tx: Transaction) -> None:
        tx.executescript(statement)

    outcomes = commit_together([put(1), end, put(2)], connection)
    assert isinstance(outcomes[1].failure, QueryFailedError)
    assert stored(connection) == [1, 2]


def test_an_operation_can_not_end_it_by_the_driver_s_own_functions(
    connection: UnitConnection,
) -> None:
    outcomes = commit_together([put(1), lambda tx: tx.commit(), put(2)], connection)
    assert isinstance(outcomes[1].failure, QueryFailedError)
    outcomes = commit_together([put(3), lambda tx: tx.rollback(), put(4)], connection)
    assert isinstance(outcomes[1].failure, QueryFailedError)
    assert stored(connection) == [1, 2, 3, 4]


def full(connection: UnitConnection) -> Operation:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()
    return lambda tx: tx.execute("INSERT INTO numbers VALUES (zeroblob(1000000))")


def test_when_the_disk_is_full_nothing_of_the_group_is_written(connection: UnitConnection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="full"):
        commit_together([put(1), full(connection), put(2)], connection)
    assert stored(connection) == []
    assert commit_together([put(3)], connection) == [Outcome(1, None)]


def test_an_operation_that_hides_a_lost_transaction_is_found_out(
    connection: UnitConnection,
) -> None:
    fill = full(connection)

    def in_other_words(tx: Transaction) -> None:
        try:
            fill(tx)
        except sqlite3.Error as error:
            raise NotFoundError from error

    def in_silence(tx: Transaction) -> None:
        with pytest.raises(sqlite3.Error):
            fill(tx)

    for hiding, error in [(in_other_words, QueryFailedError), (in_silence, sqlite3.Error)]:
        with pytest.raises(error):
            commit_together([put(1), hiding, put(2)], connection)
        assert stored(connection) == []


@pytest.mark.parametrize("error", [SystemExit, GeneratorExit, CancelledError, KeyboardInterrupt])
def test_what_would_end_the_loop_is_its_own_callers_alone(
    connection: UnitConnection, error: type[BaseException]
) -> None:
    first, failed, last = commit_together([put(1), then_raise(2, error()), put(3)], connection)
    assert (first.failure, last.failure) == (None, None)
    assert isinstance(failed.failure, RuntimeError)
    assert error.__name__ in str(failed.failure)
    assert stored(connection) == [1, 3]


@pytest.mark.parametrize(
    "statement",
    ["RELEASE operation", "ROLLBACK TO operation", "SAVEPOINT operation", "COMMIT", "ROLLBACK"],
)
def test_an_operation_cannot_leave_its_savepoint(
    connection: UnitConnection, statement: str
) -> None:
    for _ in range(2):  # The second time all statements of the group are prepared already.
        outcomes = commit_together([put(1), lambda tx: tx.execute(statement), put(2)], connection)
        assert isinstance(outcomes[1].failure, QueryFailedError)
        assert stored(connection) == [1, 2]
        connection.execute("DELETE FROM numbers")


def test_a_commit_that_fails_writes_nothing_and_leaves_no_transaction(
    connection: UnitConnection,
) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "CREATE TABLE parts (number REFERENCES numbers (value) DEFERRABLE INITIALLY DEFERRED)"
    )
    orphan = "INSERT INTO parts VALUES (7)"
    with pytest.raises(sqlite3.IntegrityError):
        commit_together([put(1), lambda tx: tx.execute(orphan)], connection)
    assert stored(connection) == []


class Refused(Exception):  # noqa: N818  a part that is refused is no error here
    """A part of the plan ends so."""


Plan = int | list["Plan"] | tuple[list["Plan"]]
PLANS: st.SearchStrategy[list[Plan]] = st.recursive(
    st.lists(st.integers(0, 9), max_size=3),
    lambda inner: st.lists(
        st.one_of(st.integers(0, 9), inner, st.tuples(inner)), min_size=1, max_size=4
    ),
    max_leaves=12,
)
"""What to write; a list within is a part of its own, one in a tuple is refused at its end."""


def play(tx: Transaction, plan: list[Plan], place: list[int]) -> None:
    for step in plan:
        if isinstance(step, int):
            place[0] += 1
            tx.execute("INSERT INTO numbers VALUES (?)", (f"{place[0]}:{step}",))
        elif isinstance(step, list):
            with savepoint(tx):
                play(tx, step, place)
        else:
            with suppress(Refused), savepoint(tx):
                play(tx, step[0], place)
                raise Refused


def kept(plan: list[Plan], place: list[int], *, counts: bool = True) -> list[str]:
    """The model: what a plan leaves when refused parts count for nothing."""
    left: list[str] = []
    for step in plan:
        if isinstance(step, int):
            place[0] += 1
            left += [f"{place[0]}:{step}"] if counts else []
        elif isinstance(step, list):
            left += kept(step, place, counts=counts)
        else:
            kept(step[0], place, counts=False)
    return left


@given(PLANS)
def test_savepoints_nest_and_a_refused_part_takes_only_its_own_parts_along(
    plan: list[Plan],
) -> None:
    with closing(open_file(":memory:")) as connection:
        (outcome,) = commit_together([lambda tx: play(tx, plan, [0])], connection)
        assert outcome.failure is None
        assert [str(value) for value in stored(connection)] == kept(plan, [0])


def test_a_part_passes_its_error_on_when_the_transaction_is_gone(
    connection: UnitConnection,
) -> None:
    fill = full(connection)

    def work(tx: Transaction) -> None:
        with savepoint(tx), savepoint(tx):
            fill(tx)

    with pytest.raises(sqlite3.OperationalError, match="full"):
        commit_together([put(1), work], connection)
    assert stored(connection) == []
