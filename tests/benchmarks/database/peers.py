"""Others who can do our statements: plain sqlite3, aiosqlite and SQLAlchemy's async engine."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import aiosqlite
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from tests.benchmarks.database.statements import Statement, Unit

Row: TypeAlias = Sequence[Any]
Pragmas: TypeAlias = Mapping[str, str | int]


class Peer(Protocol):
    """One open file. `name` and the two texts say in the report what is done."""

    name: str
    reads: str
    writes: str

    async def read(self, statement: Statement) -> Sequence[Row]:
        """All rows of a query."""

    async def write(self, unit: Unit) -> None:
        """The unit in a transaction of its own, on disk when this returns."""


class Plain:
    """The limit: nothing but SQLite, no thread in between, every value at hand."""

    name = "plain sqlite3"
    reads = "sqlite3 on the loop's own thread, which it blocks: execute, fetchall, then structs"
    writes = "sqlite3 on the loop's own thread: BEGIN IMMEDIATE, the noted statements, COMMIT"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def read(self, statement: Statement) -> Sequence[Row]:
        return self._connection.execute(*statement).fetchall()

    async def write(self, unit: Unit) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        _execute_all(self._connection, unit)
        self._connection.execute("COMMIT")

    def write_together(self, units: Sequence[Unit]) -> None:
        """All in one transaction, each in a savepoint."""
        self._connection.execute("BEGIN IMMEDIATE")
        for unit in units:
            self._connection.execute("SAVEPOINT operation")
            _execute_all(self._connection, unit)
            self._connection.execute("RELEASE operation")
        self._connection.execute("COMMIT")


class Aiosqlite:
    """The usual way without us. Its callers take turns: they share the connection's transaction."""

    name = "aiosqlite"
    reads = "aiosqlite, one hop to its thread: execute_fetchall, then structs on the loop"
    writes = "aiosqlite, one connection, callers take turns: execute for each statement, commit"

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    async def read(self, statement: Statement) -> Sequence[Row]:
        return tuple(await self._connection.execute_fetchall(*statement))

    async def write(self, unit: Unit) -> None:
        async with self._turn:
            for statement in unit:
                await self._connection.execute(*statement)
            await self._connection.commit()


class SQLAlchemy:
    """The engine as its documentation shows it, spared the building of statements."""

    name = "SQLAlchemy async"
    reads = "SQLAlchemy's async engine over aiosqlite: connect, exec_driver_sql, then structs"
    writes = (
        "SQLAlchemy's async engine over aiosqlite, one connection in its pool (more would wait for"
        " SQLite's lock): begin, exec_driver_sql for each statement, commit"
    )

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def read(self, statement: Statement) -> Sequence[Row]:
        async with self._engine.connect() as connection:
            found = await connection.exec_driver_sql(*statement)
            return found.fetchall()

    async def write(self, unit: Unit) -> None:
        async with self._engine.begin() as connection:
            for statement in unit:
                await connection.exec_driver_sql(*statement)


@asynccontextmanager
async def open_plain(path: Path, pragmas: Pragmas) -> AsyncIterator[Plain]:
    """Plain sqlite3 on `path`."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _set(connection, pragmas)
        yield Plain(connection)


@asynccontextmanager
async def open_aiosqlite(path: Path, pragmas: Pragmas) -> AsyncIterator[Aiosqlite]:
    """Aiosqlite on `path`."""
    async with aiosqlite.connect(path) as connection:
        for name, value in pragmas.items():
            await connection.execute_fetchall(f"PRAGMA {name} = {value}")
        yield Aiosqlite(connection)


@asynccontextmanager
async def open_sqlalchemy(path: Path, pragmas: Pragmas) -> AsyncIterator[SQLAlchemy]:
    """SQLAlchemy's engine on `path`."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}", pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's own
        cursor = connection.cursor()
        for name, value in pragmas.items():
            cursor.execute(f"PRAGMA {name} = {value}")
        cursor.close()

    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        yield SQLAlchemy(engine)


def _execute_all(connection: sqlite3.Connection, unit: Unit) -> None:
    for statement in unit:
        connection.execute(*statement).fetchall()


def _set(connection: sqlite3.Connection, pragmas: Pragmas) -> None:
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
