"""Round trips between two processes: the app's socket beside other ways to talk."""

from __future__ import annotations

from tests.benchmarks.ipc.benchmark import add_options, run

__all__ = ["add_options", "run"]
