"""The migrations make the schema, step by step and back, in SQLite and in PostgreSQL."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from main_process.database.migrate import migrate
from main_process.database.revision import SCRIPTS
from main_process.repositories.tracking import TRACKED
from main_process.repositories.wipe import _TABLES as WIPED
from shared_contracts import migrations
from shared_contracts.schema import metadata

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
