"""The line keeps its order past its bound, and forgets those who leave."""

from __future__ import annotations

import asyncio
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.database.unit_connection import Transaction
from main_process.database.waiting_line import DatabaseOperation, QueueLimits, WaitingLine
from shared_contracts.errors import QueueClosedError, QueueFullError

SMALL = QueueLimits(size=3, waiting=4, waiting_seconds=3_600)


def entry(*, large: bool = False) -> DatabaseOperation[None]:
    def nothing(_: Transaction) -> None:
        """Do nothing."""

    return DatabaseOperation(nothing, asyncio.get_running_loop().create_future(), large)


@given(
    st.lists(
        st.one_of(
            st.just("add"),
            st.tuples(st.just("take"), st.integers(1, 5)),
            st.tuples(st.just("leave"), st.integers(0, 6)),
            st.tuples(st.just("cancel"), st.integers(0, 6)),
        ),
        max_size=60,
    )
)
async def test_it_behaves_like_one_plain_line(steps: list[object]) -> None:
    """Model: a plain deque that refuses what is more than both limits together."""
    line = WaitingLine(SMALL)
    model: deque[DatabaseOperation[None]] = deque()
    for step in steps:
        match step:
            case "add":
                new = entry()
                if len(model) < SMALL.size + SMALL.waiting:
                    line.add(new)
                    model.append(new)
                else:
                    with pytest.raises(QueueFullError) as caught:
                        line.add(new)
                    assert caught.value.details == {"waiting": len(model), "places": SMALL.size}
            case ("take", int(number)):
                wanted: list[DatabaseOperation[None]] = []
                while model and len(wanted) < number:
                    first = model.popleft()
                    wanted += [] if first.result.done() else [first]
                assert line.take(number) == wanted
            case (("leave" | "cancel") as how, int(place)) if place < len(model):
                gone = model[place]
                gone.result.cancel()
                if how == "leave":
                    line.leave(gone)
                    model.remove(gone)
        assert len(line) == len(model)
    assert line.take(len(line)) == [one for one in model if not one.result.done()]


async def test_who_leaves_makes_room_for_the_next() -> None:
    line = WaitingLine(SMALL)
    entries = [entry() for _ in range(5)]
    for one in entries:
        line.add(one)
    line.leave(entries[0])
    line.leave(entries[3])
    assert line.take(9) == entries[1:3] + entries[4:]


async def test_who_waits_too_long_for_a_place_is_told_how_many_wait() -> None:
    line = WaitingLine(QueueLimits(size=1, waiting=4, waiting_seconds=0.01))
    entries = [entry() for _ in range(3)]
    for one in entries:
        line.add(one)
    for late in entries[1:]:
        with pytest.raises(QueueFullError) as caught:
            await late.result
        assert caught.value.details["waited_seconds"] == 0.01
        assert caught.value.details["waiting"] in {2, 3}
    assert line.take(9) == [entries[0]]
    assert len(line) == 0


async def test_who_got_a_place_is_not_called_impatient_any_more() -> None:
    line = WaitingLine(QueueLimits(size=1, waiting=4, waiting_seconds=0.01))
    first, second = entry(), entry()
    line.add(first)
    line.add(second)
    assert line.take(1) == [first]
    assert second.patience
    assert second.patience.cancelled()


async def test_all_are_told_that_it_was_for_nothing() -> None:
    line = WaitingLine(SMALL)
    entries = [entry() for _ in range(6)]
    for one in entries:
        line.add(one)
    entries[1].result.cancel()
    entries[4].result.cancel()
    assert line.dismiss(QueueClosedError()) == 4
    assert len(line) == 0
    told = await asyncio.gather(*(one.result for one in entries), return_exceptions=True)
    gone = asyncio.CancelledError
    assert [type(one) for one in told] == [
        gone if number in {1, 4} else QueueClosedError for number in range(6)
    ]


async def test_a_large_one_is_taken_alone_and_in_its_turn() -> None:
    line = WaitingLine(QueueLimits())
    entries = [entry(large=number in {2, 3}) for number in range(6)]
    for one in entries:
        line.add(one)
    groups = [line.take(9) for _ in range(5)]
    assert groups == [entries[:2], entries[2:3], entries[3:4], entries[4:], []]


async def test_large_ones_too_are_told_that_it_was_for_nothing() -> None:
    line = WaitingLine(QueueLimits())
    for number in range(4):
        line.add(entry(large=number in {1, 2}))
    assert line.dismiss(QueueClosedError()) == 4
    assert len(line) == 0
