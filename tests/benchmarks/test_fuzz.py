"""The fuzzing of the socket, for a short while."""

from __future__ import annotations

import argparse

from tests.benchmarks import fuzz


def test_some_hundred_cases_leave_everything_as_it_was() -> None:
    report = fuzz.run(argparse.Namespace(cases=400, quick=True))
    assert [bar.name for bar in report.bars if not bar.holds] == []
    (answers, _) = report.results
    assert {"none", "VAL001", "IPC002", "IPC009"} <= answers.detail.keys()
