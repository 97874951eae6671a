"""A process that is one contender's client and starts its server; it does what stdin says.

A line in, {"size": ..., "count": ..., "in_flight": ...}; a line out, the nanoseconds of each
exchange. The first line out says which processes they are.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import structlog
import uvloop

from tests.benchmarks.ipc.peers import Order, Peer, load


def main() -> None:
    """Serve orders until stdin ends."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    name = sys.argv[1]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        address = str(Path(folder) / "echo.sock")
        server = context.Process(target=_serve, args=(name, address, theirs), daemon=True)
        server.start()
        try:
            uvloop.run(_obey(load(name), ours.recv(), [os.getpid(), server.pid]))
        finally:
            server.kill()


def _serve(name: str, address: str, tell: Connection[Any, Any]) -> None:
    load(name).serve(address, tell.send)


async def _obey(peer: Peer, where: str, processes: list[int | None]) -> None:
    client = await peer.connect(where)
    _say(processes)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = msgspec.json.decode(line, type=Order)
        if order.in_flight == 1:
            _say(await client.one_by_one(order.size, order.count))
        else:
            _say(await client.at_once(order.size, order.count, order.in_flight))


def _say(numbers: list[Any]) -> None:
    sys.stdout.write(msgspec.json.encode(numbers).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
