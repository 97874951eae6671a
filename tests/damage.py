"""Damages a database file in ways that SQLite can detect."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def place_of(path: Path, table: str) -> tuple[int, int]:
    """Where the first page of a table begins, and the page's size."""
    with closing(sqlite3.connect(path)) as plain:
        (size,) = plain.execute("PRAGMA page_size").fetchone()
        (page,) = plain.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchone()
    return (page - 1) * size, size


def overwrite(path: Path, offset: int, noise: bytes) -> None:
    """Write these bytes into the file."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(noise)


def break_page(path: Path, table: str) -> None:
    """Overwrite the table's first page."""
    offset, size = place_of(path, table)
    overwrite(path, offset, b"\xff" * size)
