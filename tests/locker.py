"""Another program that holds a database's write lock."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_WAIT_SECONDS = 20
_PROGRAM = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def locked(database: Path) -> AsyncIterator[None]:
    """A process of its own writes for as long."""
    pipe = asyncio.subprocess.PIPE
    command = [sys.executable, "-c", _PROGRAM, str(database)]
    other = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert other.stdout
    assert await asyncio.wait_for(other.stdout.readline(), _WAIT_SECONDS) == b"locked\n"
    try:
        yield
    finally:
        await other.communicate(b"")
