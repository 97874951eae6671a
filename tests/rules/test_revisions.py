"""Every revision of the schema, up and down, with rows in the tables, in SQLite and PostgreSQL."""

from __future__ import annotations

import itertools
import signal
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import BigInteger, Column, Engine, create_engine, inspect, pool
from sqlalchemy.dialects import postgresql

from main_process.database.migrate import migrate
from main_process.database.revision import known_revisions
from shared_contracts import migrations
from shared_contracts.schema import Id, Json, Time, metadata
from tests.private_postgres import Postgres
from tests.revisions import (
    BASE,
    REVISIONS,
    Rows,
    golden_file,
    lived_in_file,
    move,
    move_on,
    rows_of,
    schema_of,
    search_is_consistent,
    unpack,
)

KEPT = [revision for revision in known_revisions() if lived_in_file(revision).exists()]
STEPS = list(itertools.pairwise(REVISIONS))
REWRITE = "if the revision isn't released yet: python -m tests.revisions"


def golden(revision: str) -> str:
    return "" if revision == BASE else golden_file(revision).read_text("utf-8")


def without_versions(schema: str) -> str:
    """Alembic's own table stays behind when everything else is gone."""
    parts = schema.split("\n\n")
    return "\n\n".join(part for part in parts if "alembic_version" not in part)


def test_every_revision_has_a_golden_schema_and_every_older_one_a_database() -> None:
    assert [r for r in known_revisions() if not golden_file(r).exists()] == [], REWRITE
    assert set(known_revisions()) - {migrations.HEAD} <= set(KEPT), "none may be lost"


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_each_step_makes_the_golden_schema_and_the_step_back_the_one_before(
    tmp_path: Path, before: str, after: str
) -> None:
    """Triggers, partial indexes and DESC among them, which batch mode would drop silently."""
    path = tmp_path / "it.db"
    move(path, after)
    assert schema_of(path) == golden(after), REWRITE
    move(path, before)
    assert without_versions(schema_of(path)) == without_versions(golden(before))
    move(path, after)
    assert schema_of(path) == golden(after)


@pytest.mark.parametrize("revision", KEPT)
def test_a_database_of_every_released_schema_is_brought_up_to_date_with_all_its_rows(
    tmp_path: Path, revision: str
) -> None:
    path = unpack(revision, tmp_path)
    before = rows_of(path)
    assert len(before["change_log"]) > len(before["answers"]) > 3
    migrate(path)
    assert same_where_there_before(before, rows_of(path))
    assert schema_of(path) == golden(migrations.HEAD)
    search_is_consistent(path)


@pytest.mark.parametrize("revision", KEPT)
def test_going_on_and_back_again_changes_no_row(tmp_path: Path, revision: str) -> None:
    path = unpack(revision, tmp_path)
    before = rows_of(path)
    migrate(path)
    newest = rows_of(path)
    migrate(path, head=revision)
    assert rows_of(path) == before
    assert schema_of(path) == golden(revision)
    migrate(path)
    assert rows_of(path) == newest
    search_is_consistent(path)


def same_where_there_before(before: Rows, after: Rows) -> bool:
    """Whether every row is there, its old columns unchanged; new ones come last."""
    for table, rows in before.items():
        width = len(rows[0]) if rows else 0
        cut = sorted((row[:width] for row in after[table]), key=repr)
        if cut != rows:
            return False
    return True


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    # Not in pytest's own folder, which another user can't enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o711)
        it = Postgres(folder)
        it.initialise()
        server = it.start()
        yield it
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=30)


class Cloud:
    """A database in PostgreSQL, migrated by the same revisions."""

    def __init__(self, postgres: Postgres, name: str) -> None:
        self._postgres = postgres
        self._name = name
        self.engine: Engine = create_engine(postgres.create(name), poolclass=pool.NullPool)

    def move(self, revision: str) -> None:
        with self.engine.begin() as connection:
            move_on(connection, revision)

    def schema(self) -> list[str]:
        return sorted(self._postgres.dump(self._name).splitlines())

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        with self.engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            return {
                table.name: sorted(
                    (tuple(row) for row in connection.execute(table.select())), key=repr
                )
                for table in metadata.sorted_tables
                if table.name in there
            }

    def insert(self, rows: Rows) -> None:
        """What an SQLite file holds, as PostgreSQL's own types."""
        with self.engine.begin() as connection:
            for table in metadata.sorted_tables:
                columns = list(table.columns)
                values = [
                    {c.name: to_postgres(c, v) for c, v in zip(columns, row, strict=True)}
                    for row in rows[table.name]
                ]
                if values:
                    connection.execute(table.insert(), values)


def to_postgres(column: Column[Any], value: Any) -> Any:  # noqa: ANN401  a value of a row
    if value is None:
        return None
    if column.type is Id:
        return UUID(bytes=value)
    if column.type is Time:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)
    return msgspec.json.decode(value) if column.type is Json else value


def test_postgresql_gets_the_same_schema_from_the_same_revisions(postgres: Postgres) -> None:
    migrated, created = Cloud(postgres, "migrated"), Cloud(postgres, "created")
    nothing = migrated.schema()
    migrated.move(migrations.HEAD)
    metadata.create_all(created.engine)
    newest = migrated.schema()
    assert newest == created.schema()
    text = "\n".join(newest)
    for type_name in ("uuid", "jsonb", "timestamp with time zone"):
        assert f" {type_name}" in text
    for table in metadata.tables:
        assert f"CREATE TABLE public.{table} (" in text
    migrated.move(BASE)
    assert migrated.schema() == nothing
    migrated.move(migrations.HEAD)
    assert migrated.schema() == newest


def test_postgresql_goes_up_and_down_step_by_step_and_keeps_its_rows(
    postgres: Postgres, tmp_path: Path
) -> None:
    assert isinstance(Time, BigInteger)
    assert isinstance(Json.dialect_impl(postgresql.dialect()), postgresql.JSONB)  # type: ignore[no-untyped-call]
    cloud = Cloud(postgres, "stepwise")
    schemas = [cloud.schema()]
    for revision in REVISIONS[1:]:
        cloud.move(revision)
        schemas.append(cloud.schema())
    # The oldest one's: what it has no table for couldn't come back.
    path = unpack(KEPT[0], tmp_path)
    migrate(path)
    cloud.insert(rows_of(path))
    rows = cloud.rows()
    assert rows["change_log"]
    for at, revision in reversed(list(enumerate(REVISIONS[1:-1], start=1))):
        cloud.move(revision)
        assert cloud.schema() == schemas[at]
    cloud.move(migrations.HEAD)
    assert cloud.rows() == rows
    assert cloud.schema() == schemas[-1]
    cloud.move(BASE)
    assert cloud.schema() == schemas[0]
