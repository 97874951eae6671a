"""A score counts if it is a measurement, and a sure one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import make_evaluation


@pytest.mark.parametrize(
    ("change", "counted"), [({}, 0.4), ({"opinion": True}, None), ({"unsure": True}, None)]
)
def test_what_counts_in_an_interviews_mean(change: dict[str, Any], counted: float | None) -> None:
    assert make_evaluation(0.4, **change).counted == counted
