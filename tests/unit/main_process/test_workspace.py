"""Ids and the clock go forward, and a workspace stays what it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from main_process.database import DatabaseManager
from main_process.workspace import HybridClock, new_id, now, open_workspace, to_datetime


@given(st.lists(st.integers(0, 2**40), min_size=1))
def test_the_clock_never_goes_back_whatever_the_wall_clock_does(walls: list[int]) -> None:
    clock = HybridClock(wall_ms=iter(walls).__next__)
    ticks = [clock.tick() for _ in walls]
    assert ticks == sorted(set(ticks))
    assert max(walls) <= ticks[-1] >> 16 <= max(walls) + 1


def test_the_clock_starts_after_what_was_written_before() -> None:
    far_ahead = 2**60
    assert HybridClock(far_ahead).tick() == far_ahead + 1


def test_later_ids_sort_after_earlier_ones() -> None:
    ids = [new_id() for _ in range(1_000)]
    assert ids == sorted(set(ids))
    assert {each.version for each in ids} == {7}


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001  UTC follows
def test_times_come_back_to_the_microsecond(time: datetime) -> None:
    time = time.replace(tzinfo=UTC)
    microseconds = (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert to_datetime(microseconds) == time


def test_now_is_the_wall_clock() -> None:
    assert abs(to_datetime(now()) - datetime.now(UTC)) < timedelta(seconds=5)


async def test_owner_and_device_are_made_once(database: DatabaseManager) -> None:
    first = await database.write(open_workspace)
    again = await database.write(open_workspace)
    assert (again.owner, again.device) == (first.owner, first.device)
    assert first.owner != first.device
