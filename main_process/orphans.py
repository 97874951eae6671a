"""Takes in the helper processes that a dead child leaves behind, and ends them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

import psutil
import structlog

_PR_SET_CHILD_SUBREAPER = 36  # Source: linux/prctl.h
HELPERS = "QtWebEngineProc"
"""How the names of Qt WebEngine's processes begin; Linux keeps 15 letters of a name."""


def adopt() -> None:
    """Have the kernel make orphaned descendants children of this process, and not of init.

    They would end by themselves, soon after the renderer; but some not at all, when it was killed,
    and where init doesn't collect them they stay in the process table.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def end_helpers() -> None:
    """End the helpers whose renderer is gone; those of a living renderer are its children."""
    while helpers := _orphans():
        for helper in helpers:
            _end(helper)


def _orphans() -> list[psutil.Process]:
    if sys.platform != "linux":
        return []
    return [child for child in psutil.Process().children() if _name(child).startswith(HELPERS)]


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def _end(process: psutil.Process) -> None:
    try:
        os.kill(process.pid, signal.SIGKILL)
        os.waitpid(process.pid, 0)
    except (ProcessLookupError, ChildProcessError):
        return
    structlog.get_logger(__name__).info("ended a helper process", process_id=process.pid)
