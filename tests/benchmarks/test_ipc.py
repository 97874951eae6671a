"""The benchmark of the socket runs, with those peers that every checkout has."""

from __future__ import annotations

from tests.benchmarks.ipc.bars import bars_of, targets_of
from tests.benchmarks.ipc.benchmark import measure_group
from tests.benchmarks.ipc.groups import Group, groups
from tests.benchmarks.ipc.messages import MESSAGES, decoders, echo, encode
from tests.benchmarks.ipc.processes import running
from tests.benchmarks.rounds import Effort

PEERS = ("app", "app_task", "sockets", "multiprocessing", "litestar")


async def test_everybody_answers_at_every_size_and_is_compared() -> None:
    effort = Effort(rounds=2, seconds_a_round=0, warm_up_batches=0)
    measured = {}
    async with running(PEERS) as (contenders, missing):
        for group in groups(quick=True):
            if not group.takes_long:
                measured[group] = await measure_group(group, contenders, effort)
    assert missing == []
    assert all(set(found) == set(PEERS) for found in measured.values())
    names = [bar.name for bar in bars_of(measured)]
    assert "p50, ours / blocking sockets: 200 B, 1 at a time, one core" in names
    assert len(names) == len(set(names))
    assert len(list(targets_of(measured))) == 4


async def test_who_is_not_there_is_said() -> None:
    async with running(["nobody"]) as (contenders, missing):
        assert contenders == []
        assert [one.name for one in missing] == ["nobody"]


def test_what_is_echoed_is_what_was_sent() -> None:
    for message in MESSAGES.values():
        body = encode(message.struct)
        assert decoders[message.type].decode(echo(body)) == message.struct


def test_a_quick_run_leaves_out_only_what_takes_long() -> None:
    left_out = set(groups(quick=False)) - set(groups(quick=True))
    assert left_out == {Group("1 MB", 64, on_one_core=on_one_core) for on_one_core in (True, False)}
