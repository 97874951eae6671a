"""The migrations make the schema, step by step and back, in SQLite and in PostgreSQL."""

from __future__ import annotations

import io
import re
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, create_mock_engine, pool
from sqlalchemy.dialects import postgresql

from main_process.database.migrate import SCRIPTS, migrate
from main_process.repositories.tracking import TRACKED
from main_process.repositories.wipe import _TABLES as WIPED
from shared_contracts import migrations
from shared_contracts.schema import metadata
from tests.private_postgres import Postgres

SHARED = {"workspaces", "devices"}
"""What is no content of the person's and outlives a wipe."""


def script_directory() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return ScriptDirectory.from_config(config)


def described(path: Path) -> set[str]:
    """Every table and index of a database, without the layout of its text."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'"
        ).fetchall()
    return {normalised(sql) for (sql,) in rows}


def normalised(sql: str) -> str:
    """The order of constraints means nothing, that of columns and keys does."""
    flat = re.sub(r"\s+", " ", sql).replace('"', "").strip()
    head, _, body = flat.partition("(")
    parts = re.split(r", (?![^(]*\))", body.removesuffix(")"))
    columns = [p.strip() for p in parts if not p.strip().startswith("CONSTRAINT")]
    constraints = sorted(p.strip() for p in parts if p.strip().startswith("CONSTRAINT"))
    return f"{head.strip()} ({', '.join(columns + constraints)})"


def test_the_head_named_in_the_code_is_alembics_only_head() -> None:
    assert script_directory().get_heads() == [migrations.HEAD]


def test_migrating_makes_what_the_schema_says(tmp_path: Path) -> None:
    migrate(tmp_path / "migrated.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'created.db'}", poolclass=pool.NullPool)
    metadata.create_all(engine)
    assert described(tmp_path / "migrated.db") == described(tmp_path / "created.db")


def test_going_back_to_the_base_leaves_nothing(tmp_path: Path) -> None:
    migrate(tmp_path / "it.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'it.db'}", poolclass=pool.NullPool)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert described(tmp_path / "it.db") == set()


def test_what_is_logged_or_wiped_exists() -> None:
    assert metadata.tables.keys() >= TRACKED
    assert set(WIPED) == metadata.tables.keys() - SHARED


def test_every_row_has_an_owner_and_keys_begin_with_it() -> None:
    for table in metadata.tables.values():
        if table.name == "workspaces":
            continue
        keys = [list(table.primary_key.columns)]
        keys += [list(index.columns) for index in table.indexes]
        keys += [list(c.columns) for c in table.foreign_key_constraints]
        assert {key[0].name for key in keys} == {"owner_id"}, table.name
        owners = {fk.target_fullname for fk in table.c.owner_id.foreign_keys}
        assert "workspaces.id" in owners, table.name


def test_logged_rows_have_times_a_revision_and_a_mark_of_deletion() -> None:
    for name in TRACKED:
        columns = set(metadata.tables[name].columns.keys())
        assert columns >= {"id", "created_at", "updated_at", "revision", "deleted_at"}, name


@pytest.fixture
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


def statements_of_migrations() -> str:
    """What the revisions do, as PostgreSQL's SQL."""
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect=postgresql.dialect(),  # type: ignore[no-untyped-call]
        opts={"as_sql": True, "output_buffer": written, "target_metadata": metadata},
    )
    with Operations.context(context):
        for revision in reversed(list(script_directory().walk_revisions())):
            revision.module.upgrade()
    return written.getvalue()


def statements_of_schema() -> str:
    """What the schema says, as PostgreSQL's SQL."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    written: list[str] = []

    def keep(statement: Any, *_: object) -> None:  # noqa: ANN401  SQLAlchemy's own
        written.append(f"{statement.compile(dialect=dialect)};")

    metadata.create_all(create_mock_engine("postgresql+psycopg://", keep), checkfirst=False)
    return "\n".join(written)


def test_postgresql_gets_the_same_schema_from_the_same_migrations(postgres: Postgres) -> None:
    migrated = postgres.make("migrated", statements_of_migrations())
    created = postgres.make("created", statements_of_schema())
    assert sorted(migrated.splitlines()) == sorted(created.splitlines())
    for type_name in ("uuid", "jsonb", "timestamp with time zone"):
        assert f" {type_name}" in migrated
    for table in metadata.tables:
        assert f"CREATE TABLE public.{table} (" in migrated
