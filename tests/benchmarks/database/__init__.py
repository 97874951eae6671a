"""The database manager beside plain sqlite3, aiosqlite and SQLAlchemy's async engine."""

from __future__ import annotations

from tests.benchmarks.database.benchmark import add_options, run

__all__ = ["add_options", "run"]
