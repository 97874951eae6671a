"""The whole app under mixed load for as long as wanted, with processes killed meanwhile."""

from __future__ import annotations

from tests.benchmarks.soak.run import add_options, run

__all__ = ["add_options", "run"]
