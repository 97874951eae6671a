"""What the app's processes use of the machine, each with the helpers that it started."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

from shared_contracts.health import ProcessHealth
from shared_contracts.metrics import ProcessMetrics

MAIN = "main"


@dataclass(slots=True)
class _Use:
    """A process, or several together."""

    processes: int = 0
    memory: int = 0
    resident: int = 0
    descriptors: int = 0

    def add(self, process: psutil.Process) -> None:
        try:
            with process.oneshot():
                memory = process.memory_info()
                self.memory += _own_part(process, memory.rss - memory.shared)
                self.resident += memory.rss
                self.descriptors += process.num_fds()
                self.processes += 1
        except psutil.Error:
            return  # It ended meanwhile.


def measure(children: Iterable[ProcessHealth]) -> tuple[ProcessMetrics, ...]:
    """This process first, then its children. Reads /proc: for a thread, not for the event loop."""
    main = psutil.Process()
    ours = ProcessHealth(name=MAIN, state="ready", pid=os.getpid())
    return (_measure(ours, [main]), *(_measure(child, _family(child.pid)) for child in children))


def _family(pid: int | None) -> list[psutil.Process]:
    """The process and what it started; nothing when it is gone."""
    if pid is None:
        return []
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _measure(health: ProcessHealth, family: list[psutil.Process]) -> ProcessMetrics:
    use = _Use()
    for process in family:
        use.add(process)
    return ProcessMetrics(
        name=health.name,
        state=health.state,
        pid=health.pid,
        uptime_seconds=round(max(time.time() - family[0].create_time(), 0), 1) if family else 0,
        restarts=health.restarts,
        answer_ms=health.answer_ms,
        processes=use.processes,
        memory_bytes=use.memory,
        resident_bytes=use.resident,
        descriptors=use.descriptors,
    )


def _own_part(process: psutil.Process, unshared: int) -> int:
    """PSS; where the kernel tells it to nobody (Chromium's sandbox), what is not shared at all."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.AccessDenied:
        return unshared
