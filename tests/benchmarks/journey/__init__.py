"""The app in its real window: how long a start takes, and from each click to the paint."""

from __future__ import annotations

from tests.benchmarks.journey.run import add_options, run

__all__ = ["add_options", "run"]
