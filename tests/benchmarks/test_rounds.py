"""Contenders meet the same machine, and ratios are taken round by round."""

from __future__ import annotations

import pytest

from tests.benchmarks.rounds import (
    Contender,
    Effort,
    Taken,
    at_once,
    bar,
    latency_ratios,
    measure,
    one_by_one,
    percentile,
    rate_ratios,
    result,
)

ONE_PASS = Effort(rounds=3, seconds_a_round=0, warm_up_batches=1)


async def test_contenders_take_turns_and_another_begins_each_round() -> None:
    turns: list[str] = []

    def contender(name: str) -> Contender:
        async def operation() -> None:
            turns.append(name)

        return Contender(name, "notes its turn", one_by_one(operation, 1))

    measured = await measure([contender("a"), contender("b")], ONE_PASS)
    assert turns == ["a", "b", *"ab", *"ba", *"ab"]
    assert {name: len(rounds) for name, rounds in measured.items()} == {"a": 3, "b": 3}


async def test_callers_at_once_are_all_measured() -> None:
    calls: list[None] = []

    async def operation() -> None:
        calls.append(None)

    took = await at_once(operation, callers=4, each=3)()
    assert len(took) == len(calls) == 12
    assert all(one >= 0 for one in took)


def test_a_bar_is_the_median_of_its_rounds_and_publishes_them_all() -> None:
    found = bar("read", [1.5, 1.1, 1.2], "<=", 1.3)
    assert (found.value, found.holds, found.rounds) == (1.2, True, (1.5, 1.1, 1.2))
    assert not bar("read", [1.5, 1.4, 1.2], "<=", 1.3).holds
    assert bar("writes", [8.0], ">=", 8.0).holds


def test_ratios_compare_the_same_round() -> None:
    measured = {
        "ours": [Taken([2_000], 0.5), Taken([4_000], 1.0)],
        "peer": [Taken([1_000], 1.0), Taken([8_000], 1.0)],
    }
    assert latency_ratios(measured, "ours", "peer") == [2.0, 0.5]
    assert rate_ratios(measured, "ours", "peer") == [2.0, 1.0]


@pytest.mark.parametrize(("percent", "value"), [(50, 0.05), (99, 0.099), (100, 0.1), (0, 0.001)])
def test_a_percentile_is_a_value_that_was_measured(percent: int, value: float) -> None:
    assert percentile(range(1, 101), percent) == value


def test_a_result_has_the_percentiles_of_all_rounds() -> None:
    rounds = [Taken([1_000, 3_000], 1.0), Taken([2_000], 1.0)]

    async def batch() -> list[int]:
        return []

    found = result(Contender("ours", "reads", batch), rounds, "key")
    assert (found.name, found.p50_us, found.p99_us, found.count) == ("key: ours", 2.0, 3.0, 3)
    assert found.per_second == 1.5
