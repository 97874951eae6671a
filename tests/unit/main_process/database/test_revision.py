"""Which schema a database has, and which ones are known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from main_process.database.revision import known_revisions, revision
from shared_contracts import migrations


def test_a_database_says_its_revision(database_file: Path) -> None:
    with closing(sqlite3.connect(database_file)) as plain:
        assert revision(plain) == migrations.HEAD


def test_one_without_a_revision_has_none() -> None:
    with closing(sqlite3.connect(":memory:")) as plain:
        assert revision(plain) is None
        plain.execute("CREATE TABLE alembic_version (version_num TEXT)")
        assert revision(plain) is None


def test_known_ones_are_in_order_up_to_the_newest() -> None:
    assert known_revisions()[0] == "0001"
    assert known_revisions()[-1] == migrations.HEAD
    assert known_revisions() == sorted(known_revisions())
