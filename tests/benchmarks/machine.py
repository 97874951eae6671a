"""What a benchmark ran on, and which commit it measured."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil

from tests.benchmarks.report import Machine

ROOT = Path(__file__).parents[2]
_FSYNCS = 100


def load() -> float:
    """The load average of the last minute."""
    return os.getloadavg()[0]


def machine(folder: Path, load_before: float) -> Machine:
    """The facts at the end of a run whose files were in `folder`."""
    return Machine(
        cpu=_cpu(),
        cores=psutil.cpu_count() or 1,
        memory_mb=psutil.virtual_memory().total // 2**20,
        system=platform.platform(),
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
        load=(round(load_before, 2), round(load(), 2)),
        fsync_us=round(fsync_us(folder), 1),
    )


def fsync_us(folder: Path, times: int = _FSYNCS) -> float:
    """The median time of an appended page and its fsync, on the disk that holds `folder`."""
    took = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(times):
            file.write(b"\x55" * 4_096)
            began = time.perf_counter_ns()
            os.fsync(file.fileno())
            took.append(time.perf_counter_ns() - began)
    return statistics.median(took) / 1_000


def commit() -> str:
    """The commit, and whether the working tree had changed since; `unknown` outside a checkout."""
    try:
        name = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{name} with changes" if changed else name


def today() -> str:
    """Now, UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _cpu() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


@contextmanager
def one_core() -> Iterator[None]:
    """Keep all threads of this process on one core, where the system can.

    A hop between threads takes twice as long when it wakes the other core, and the scheduler
    decides for each thread anew whether it does: latencies of contenders with a thread each
    compare only when none of them does.
    """
    if sys.platform != "linux":
        yield
        return
    cores = os.sched_getaffinity(0)
    _keep_on({min(cores)})
    try:
        yield
    finally:
        _keep_on(cores)


def _keep_on(cores: set[int]) -> None:
    for thread in Path("/proc/self/task").iterdir():
        # One that ended in the meantime needs no core.
        with suppress(ProcessLookupError):
            os.sched_setaffinity(int(thread.name), cores)
