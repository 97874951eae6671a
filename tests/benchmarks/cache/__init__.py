"""What the data service's cache answers of a recorded use of the app, and what that saves."""

from __future__ import annotations

from tests.benchmarks.cache.run import add_options, run

__all__ = ["add_options", "run"]
