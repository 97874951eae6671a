"""python -m tests.benchmarks.faults.writer PATH CLIENTS: clients write, and say what they hear.

Each line on standard output is a word and an operation: it is `asked` before the database is,
`kept` once the database has confirmed it, `failed` with the error's code when it has refused. After
a refusal all wait for a line on standard input; at its end the process closes the database.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from itertools import count
from pathlib import Path
from uuid import uuid4

import structlog

from main_process.database import DatabaseManager
from main_process.database import connection as connection_module
from main_process.repositories.sessions import Sessions
from main_process.repositories.tracking import Tracker
from main_process.workspace import open_workspace
from shared_contracts.errors import AppError
from shared_contracts.sessions import SessionSetup
from tests.benchmarks.faults.ledger import QUESTIONS
from tests.factories import make_question


class Writing:
    """Clients that write one session after the other until they are stopped."""

    def __init__(self, database: DatabaseManager, sessions: Sessions) -> None:
        self._database = database
        self._sessions = sessions
        self._run = uuid4().hex[:8]
        self._go = asyncio.Event()
        self._go.set()
        self._stopped = False

    async def listen(self) -> None:
        """Go on at each line, stop at the end of the input."""
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while await reader.readline():
            self._go.set()
        self._stopped = True
        self._go.set()

    async def client(self, number: int) -> None:
        """Write until told to stop."""
        for turn in count():
            await self._go.wait()
            if self._stopped:
                return
            await self._write(f"{self._run}-{number}-{turn}")

    async def _write(self, name: str) -> None:
        say("asked", name)
        try:
            await self.insert(name)
        except AppError as error:
            self._go.clear()
            say("failed", name, error.code)
        else:
            say("kept", name)

    async def insert(self, name: str) -> None:
        """Write one session of this name."""
        questions = [make_question() for _ in range(QUESTIONS)]
        await self._database.write(
            lambda tx: self._sessions.insert(tx, name, SessionSetup(), questions)
        )


def say(*words: str) -> None:
    """Write a line at once: what is in the pipe outlives the process."""
    os.write(1, f"{' '.join(words)}\n".encode())


async def run(path: Path, clients: int) -> None:
    """Open the database, write, and close it."""
    async with DatabaseManager.open(path) as database:
        workspace = await database.write(open_workspace)
        writing = Writing(database, Sessions(Tracker(workspace)))
        say("ready")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(writing.listen())
            for number in range(clients):
                tasks.create_task(writing.client(number))
    say("closed")


def main() -> None:
    """Run as a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("path", type=Path)
    parser.add_argument("clients", type=int)
    parser.add_argument("--busy-seconds", type=float, help="how long a lock is waited for")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if options.busy_seconds is not None:
        connection_module.BUSY_TIMEOUT_SECONDS = options.busy_seconds
    try:
        asyncio.run(run(options.path, options.clients))
    except AppError as error:
        say("refused", error.code)


if __name__ == "__main__":
    main()
