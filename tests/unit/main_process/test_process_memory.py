"""A process is measured with the helpers it started; one that is gone counts nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from main_process.process_memory import measure
from shared_contracts.health import ProcessHealth

PARENT = """
import subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE)
helper.stdout.readline()
held = bytearray(20_000_000)
print("ready", flush=True)
input()
"""


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    """A process that has 20 MB and a helper."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=pipe, stdout=pipe, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        process.communicate("")


def test_a_child_is_measured_with_its_helpers(parent: subprocess.Popen[str]) -> None:
    child = ProcessHealth(name="child", state="ready", pid=parent.pid, restarts=2, answer_ms=1.5)
    main, measured = measure([child])
    assert (main.name, main.pid, main.processes) == ("main", os.getpid(), 1)
    assert (measured.name, measured.state, measured.restarts) == ("child", "ready", 2)
    assert measured.answer_ms == 1.5
    assert measured.processes == 2
    assert 20_000_000 < measured.memory_bytes <= measured.resident_bytes
    assert measured.descriptors >= 6
    assert measured.uptime_seconds < 120


def test_a_process_that_is_gone_uses_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert not psutil.pid_exists(ended.pid)
    never = ProcessHealth(name="never", state="failed")
    gone = ProcessHealth(name="gone", state="restarting", pid=ended.pid)
    for measured in measure([never, gone])[1:]:
        assert (measured.processes, measured.memory_bytes, measured.uptime_seconds) == (0, 0, 0)
