"""The offline evaluator beside people's grades, simple baselines and attacks."""

from __future__ import annotations

from tests.benchmarks.evaluation.run import add_options, run

__all__ = ["add_options", "run"]
