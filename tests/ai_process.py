"""Starts the AI service as a real child process, as the main process does."""

from __future__ import annotations

import logging
import multiprocessing
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import httpx
import msgspec

from shared_contracts.child_process import STOP, ChildLink, Ready, run_child

SPAWN = multiprocessing.get_context("spawn")
TOKEN = "the-token-of-this-run"


@dataclass
class AIProcess:
    """The running service, and a client that holds its token."""

    process: SpawnProcess
    link: Connection
    log_queue: Any
    client: httpx.Client

    def stop(self) -> int | None:
        """Say stop; the exit code, None if it did not end within three seconds."""
        self.link.send_bytes(STOP)
        self.process.join(3)
        return self.process.exitcode

    def log(self) -> str:
        """All that it logged so far."""
        lines = []
        while True:
            try:
                lines.append(self.log_queue.get(timeout=0.2).getMessage())
            except queue.Empty:
                return "\n".join(lines)


@contextmanager
def ai_process() -> Iterator[AIProcess]:
    """Ready when entered; killed at the end if it still runs."""
    ours, theirs = multiprocessing.Pipe()
    log_queue = SPAWN.Queue()
    link = ChildLink("ai_service", theirs, log_queue, {"": logging.DEBUG})
    arguments = ("ai_service.__main__", link, {"token": TOKEN})
    process = SPAWN.Process(target=run_child, args=arguments)
    process.start()
    theirs.close()
    try:
        port = msgspec.json.decode(ours.recv_bytes(), type=Ready).port
        headers = {"Authorization": f"Bearer {TOKEN}"}
        address = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=address, headers=headers, timeout=60, trust_env=False) as client:
            yield AIProcess(process, ours, log_queue, client)
    finally:
        ours.close()
        process.kill()
        process.join()
        log_queue.close()
        log_queue.join_thread()
