"""How SQLite finds what a unit of work needs: by keys and indexes, or by going through all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from main_process.database import DatabaseManager, Transaction

_STATEMENTS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
# Not a walk: lists that a query made itself, hits of a word, and what FTS5 notes of an index.
_WALKS = re.compile(
    r"^SCAN (?!CONSTANT|\(subquery|topics$|main\.\w+_config$|\w+ VIRTUAL TABLE INDEX \d+:M)"
    r"|\(owner_id=\?\)( |$)"
)


def walks(work: Callable[[Transaction], object], tx: Transaction) -> list[str]:
    """The steps of `work` that go through a table, or through all that the owner has in it."""
    statements: list[str] = []
    tx.set_trace_callback(statements.append)
    try:
        work(tx)
    finally:
        tx.set_trace_callback(None)
    planned = [one for one in statements if one.lstrip().startswith(_STATEMENTS)]
    assert planned
    steps = [row[3] for one in planned for row in tx.execute(f"EXPLAIN QUERY PLAN {one}")]
    return [step for step in steps if _WALKS.search(step)]


@contextmanager
def watched(database: DatabaseManager) -> Iterator[list[str]]:
    """What of all that is done meanwhile goes through a table."""
    found: list[str] = []

    def watch(way: Callable[..., Any]) -> Callable[..., Any]:
        async def run(work: Callable[[Transaction], object], **options: bool) -> object:
            results: list[object] = []
            found.extend(await way(partial(walks, lambda tx: results.append(work(tx))), **options))
            return results[0]

        return run

    ways = {"read": database.read, "write": database.write}
    for name, way in ways.items():
        setattr(database, name, watch(way))
    try:
        yield found
    finally:
        for name, way in ways.items():
            setattr(database, name, way)
