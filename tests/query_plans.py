"""How SQLite finds what a unit of work reads: by keys and indexes, or by going through all."""

from __future__ import annotations

import re
from collections.abc import Callable

from main_process.database import Transaction

_READS_ALL = re.compile(r"^SCAN (?!CONSTANT)|\(owner_id=\?\)( |$)")


def reads_all(work: Callable[[Transaction], object], tx: Transaction) -> list[str]:
    """The steps that go through a whole table, or through all that the owner has in it."""
    statements: list[str] = []
    tx.set_trace_callback(statements.append)
    try:
        work(tx)
    finally:
        tx.set_trace_callback(None)
    selects = [one for one in statements if one.lstrip().startswith("SELECT")]
    assert selects
    steps = [row[3] for one in selects for row in tx.execute(f"EXPLAIN QUERY PLAN {one}")]
    return [step for step in steps if _READS_ALL.search(step)]
