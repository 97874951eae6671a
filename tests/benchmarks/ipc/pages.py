"""From a request to the decoded page of 50 questions, out of a large file, by one and by eight."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import shutil
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from renderer.ipc_client import IPCClient
from shared_contracts.channels import QUESTIONS_GET
from shared_contracts.child_process import Connect
from shared_contracts.questions import GetQuestions, QuestionPage
from tests.benchmarks.database.rows import cached
from tests.benchmarks.machine import load
from tests.benchmarks.report import Result, Target, holds
from tests.benchmarks.rounds import percentile

PAGE = 50
CLIENTS = 8
P50_MS = 0.6
P99_MS = 15.0
_SECONDS = 10.0
_WARM_UP = 20
Pages: TypeAlias = tuple[tuple[Result, ...], tuple[Target, ...]]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(QuestionPage).decode


async def run_pages(cache: Path, rows: int, seconds: float) -> Pages:
    """Measure on a copy of the file with so many rows; for so long by one client and by eight."""
    file = await asyncio.to_thread(cached, cache, rows)
    with tempfile.TemporaryDirectory(dir=cache, prefix="run-") as folder:
        await asyncio.to_thread(shutil.copyfile, file, Path(folder, "interview.db"))
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        server = context.Process(target=_serve, args=(folder, theirs), daemon=True)
        server.start()
        try:
            where = await asyncio.to_thread(ours.recv)
            one = await _ask([where], seconds)
            eight = await _ask([where] * CLIENTS, seconds)
        finally:
            server.kill()
            server.join()
    return _found(rows, one, eight)


def _found(rows: int, one: list[int], eight: list[int]) -> Pages:
    what = f"db:questions:get, {PAGE} of {rows:,} questions, each time after another cursor"
    results = tuple(
        Result(
            f"request to decoded page, {name}",
            what,
            round(percentile(took, 50), 1),
            round(percentile(took, 99), 1),
            count=len(took),
        )
        for name, took in (("one client", sorted(one)), (f"{CLIENTS} clients", sorted(eight)))
    )
    p50_ms = round(statistics.median(one) / 1e6, 3)
    p99_ms = round(percentile(sorted(eight), 99) / 1e3, 3)
    targets = (
        Target(
            f"p50, request to decoded page of {PAGE} from {rows:,} rows, one client",
            p50_ms,
            "<=",
            P50_MS,
            "ms",
            holds(p50_ms, "<=", P50_MS),
            load(),
        ),
        Target(
            f"p99, the same, {CLIENTS} clients",
            p99_ms,
            "<=",
            P99_MS,
            "ms",
            holds(p99_ms, "<=", P99_MS),
            load(),
        ),
    )
    return results, targets


async def _ask(where: list[str], seconds: float) -> list[int]:
    """How long each page took, in nanoseconds, to as many clients, all asking at the same time."""
    clients = [IPCClient(lambda _: None) for _ in where]
    for client, address in zip(clients, where, strict=True):
        client.connect(msgspec.json.decode(address, type=Connect))
    readers = [_Reader(client) for client in clients]
    took: list[int] = []
    try:
        for _ in range(_WARM_UP):
            await asyncio.gather(*(reader.page() for reader in readers))
        ends = time.perf_counter() + seconds
        while not took or time.perf_counter() < ends:
            took += await asyncio.gather(*(reader.page() for reader in readers))
            # The rate limit is on, and all clients of this process count as one.
            await asyncio.sleep(len(readers) / QUESTIONS_GET.per_second)
    finally:
        await asyncio.gather(*(client.close() for client in clients))
    return took


class _Reader:
    """Turns page after page, and begins anew after the last."""

    def __init__(self, client: IPCClient) -> None:
        self._client = client
        self._after: str | None = None

    async def page(self) -> int:
        """How long the next one took."""
        began = time.perf_counter_ns()
        payload = msgspec.Raw(_encode(GetQuestions(limit=PAGE, after=self._after)))
        page = _decode(await self._client.request(QUESTIONS_GET.name, payload, _SECONDS))
        took = time.perf_counter_ns() - began
        self._after = page.next
        return took


def _serve(folder: str, tell: Connection[Any, Any]) -> None:
    import uvloop

    uvloop.run(_backend(Path(folder), tell))


async def _backend(folder: Path, tell: Connection[Any, Any]) -> None:
    from main_process.ai_client import AIClient
    from main_process.backend import open_backend
    from shared_contracts.child_process import configure_structlog

    configure_structlog()
    logging.getLogger().setLevel(logging.ERROR)
    async with open_backend(folder, AIClient(), lambda: ()) as backend:
        tell.send(_encode(Connect(socket=str(backend.socket_path), token=backend.token)).decode())
        await asyncio.Event().wait()
