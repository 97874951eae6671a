"""Real faults while the app writes, and what is found in the file afterwards."""

from __future__ import annotations

from tests.benchmarks.faults.run import add_options, run

__all__ = ["add_options", "run"]
