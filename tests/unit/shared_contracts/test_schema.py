"""The tables keep rows of one owner apart from those of another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import create_engine, pool

from shared_contracts.schema import metadata

MINE, THEIRS, SHARED_ID = b"m" * 16, b"t" * 16, b"s" * 16


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        metadata.create_all(
            create_engine("sqlite://", creator=lambda: connection, poolclass=pool.StaticPool)
        )
        connection.execute("PRAGMA foreign_keys = ON")
        for owner in (MINE, THEIRS):
            connection.execute("INSERT INTO workspaces VALUES (?, 0)", (owner,))
            connection.execute(
                "INSERT INTO sessions (owner_id, id, title, status, setup, position, created_at,"
                " updated_at, revision) VALUES (?, ?, '', 'active', '{}', 0, 0, 0, 1)",
                (owner, SHARED_ID),
            )
        yield connection


def ask(connection: sqlite3.Connection, owner: bytes, session: bytes, row_id: bytes) -> None:
    connection.execute(
        "INSERT INTO session_questions (owner_id, id, session_id, position, question_id, question,"
        " status, elapsed_ms, created_at, updated_at, revision)"
        " VALUES (?, ?, ?, 0, ?, '{}', 'open', 0, 0, 0, 1)",
        (owner, row_id, session, row_id),
    )


def test_two_owners_may_hold_the_same_id(connection: sqlite3.Connection) -> None:
    ask(connection, MINE, SHARED_ID, b"q" * 16)
    ask(connection, THEIRS, SHARED_ID, b"q" * 16)
    connection.execute("DELETE FROM sessions WHERE owner_id = ?", (THEIRS,))
    left = connection.execute("SELECT owner_id FROM session_questions").fetchall()
    assert left == [(MINE,)]


def test_a_row_belongs_to_a_parent_of_its_own_owner(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM sessions WHERE owner_id = ?", (THEIRS,))
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        ask(connection, THEIRS, SHARED_ID, b"q" * 16)


def test_a_session_has_one_question_at_each_place(connection: sqlite3.Connection) -> None:
    ask(connection, MINE, SHARED_ID, b"1" * 16)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        ask(connection, MINE, SHARED_ID, b"2" * 16)
