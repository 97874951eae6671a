"""Which backups are kept, which one is good, and what it holds."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process import backups
from main_process.database import check as check_module
from main_process.database import copies
from main_process.services import Services
from shared_contracts.backups import Contents
from shared_contracts.errors import DatabaseCorruptError
from tests.damage import break_page
from tests.life import live
from tests.steps import answer, draft, start

NOW = datetime(2026, 7, 30, 12, tzinfo=UTC)
TIMES = st.sets(
    st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
    max_size=80,
)


def place(database: Path, made: Iterable[datetime]) -> None:
    """Backups of these times, as if each had been made then."""
    first = copies.make(database, "schedule")
    for at in made:
        target = first.with_name(f"{at:%Y-%m-%dT%H-%M-%S.%fZ}.db")
        shutil.copy(first, target)
        shutil.copy(first.with_suffix(".json"), target.with_suffix(".json"))
    copies.remove(first)


def test_a_year_of_hourly_backups_thins_to_the_last_days_weeks_and_months() -> None:
    hourly = [NOW - timedelta(hours=hours) for hours in range(24 * 400)]
    keep = sorted(backups.kept(hourly), reverse=True)
    assert keep[:3] == hourly[:3]
    days = {at.date() for at in keep}
    assert {(NOW - timedelta(days=ago)).date() for ago in range(7)} <= days
    assert len({at.isocalendar()[:2] for at in keep}) >= 4
    assert len({(at.year, at.month) for at in keep}) == 12
    assert len(keep) <= 3 + 6 + 3 + 11


def test_of_each_period_the_newest_is_kept() -> None:
    day = [NOW.replace(hour=hour) - timedelta(days=3) for hour in (1, 9, 21)]
    today = [NOW - timedelta(minutes=minutes) for minutes in range(3)]
    assert backups.kept([*day, *today]) == {*today, day[-1]}


def test_a_long_pause_costs_none() -> None:
    before = [NOW - timedelta(days=1_000 + days) for days in range(5)]
    assert backups.kept([NOW, *before]) == {NOW, *before}


def test_one_from_before_an_upgrade_is_kept_for_a_month() -> None:
    others = [NOW - timedelta(minutes=minutes) for minutes in range(5)]
    recent, old = NOW - timedelta(days=20, minutes=1), NOW - timedelta(days=31, minutes=1)
    busy = [at + timedelta(seconds=1) for at in (recent, old)]
    many = [*others, *busy, recent, old]
    assert recent in backups.kept(many, [recent, old])
    assert recent not in backups.kept(many)
    assert old not in backups.kept(many, [recent, old])


@given(TIMES)
def test_the_newest_are_always_kept_and_there_is_a_limit(made: set[datetime]) -> None:
    keep = backups.kept(made)
    assert keep <= made
    assert set(sorted(made, reverse=True)[:3]) <= keep
    assert len(keep) <= 3 + 7 + 4 + 12


@given(TIMES)
def test_thinning_again_lets_go_of_nothing_more(made: set[datetime]) -> None:
    keep = backups.kept(made)
    assert backups.kept(keep) == keep


def test_thinning_deletes_files_and_leaves_those_of_other_names(database_file: Path) -> None:
    hourly = [NOW - timedelta(hours=hours) for hours in range(60)]
    place(database_file, hourly)
    folder = copies.folder_of(database_file)
    (folder / "mine.db").write_text("put here by hand")
    backups.thin(database_file)
    left = {at for path in folder.glob("*.db") if (at := copies.time_of(path))}
    assert left == backups.kept(hourly)
    assert (folder / "mine.db").exists()
    assert len(list(folder.glob("*.json"))) == len(left)


def test_a_backup_made_with_a_clock_that_went_back_stays(database_file: Path) -> None:
    in_future = datetime.now(UTC) + timedelta(days=1)
    place(database_file, [in_future + timedelta(seconds=second) for second in range(5)])
    made = backups.make(database_file, "asked")
    assert made.name in [each.name for each in backups.listed(database_file)]


def rename(copy: Path, at: datetime) -> Path:
    """As if it had been made then."""
    target = copy.with_name(f"{at:%Y-%m-%dT%H-%M-%S.%fZ}.db")
    copy.with_suffix(".json").rename(target.with_suffix(".json"))
    return copy.rename(target)


async def test_a_backup_from_the_future_is_not_the_newest_when_others_hold_more(
    app: Services, database_file: Path
) -> None:
    folder = copies.folder_of(database_file)
    await start(app)
    ahead = folder / backups.make(database_file, "asked").name
    ahead = rename(ahead, datetime.now(UTC) + timedelta(days=2_000))
    await start(app)
    newest = folder / backups.make(database_file, "asked").name
    assert backups.newest_good(database_file) == newest
    assert not backups.is_changed(database_file), "it is compared with the one made last"
    copies.remove(newest)
    assert backups.newest_good(database_file) == ahead
    assert backups.is_changed(database_file)


def test_backups_from_the_future_push_no_others_out(database_file: Path) -> None:
    now = datetime.now(UTC)
    genuine = [now - timedelta(days=days, minutes=1) for days in range(7)]
    ahead = [now + timedelta(days=days) for days in range(2_000, 2_030)]
    place(database_file, [*genuine, *ahead])
    backups.thin(database_file)
    left = {each.made_at for each in backups.listed(database_file)}
    assert set(genuine) <= left
    assert left - set(genuine) == backups.kept(ahead)


def test_the_newest_comes_first_and_says_what_it_was_made_for(database_file: Path) -> None:
    assert backups.listed(database_file) == []
    assert backups.newest_good(database_file) is None
    first = backups.make(database_file, "schedule")
    second = backups.make(database_file, "asked")
    assert backups.listed(database_file) == [second, first]
    assert (second.why, second.verified) == ("asked", True)
    assert second.bytes == (copies.folder_of(database_file) / second.name).stat().st_size


def test_a_backup_of_unknown_origin_is_said_to_be_so_and_used_if_it_is_whole(
    database_file: Path,
) -> None:
    copy = copies.folder_of(database_file) / backups.make(database_file, "asked").name
    copy.with_suffix(".json").unlink()
    (only,) = backups.listed(database_file)
    assert (only.verified, only.why, only.answers) == (False, None, None)
    assert backups.newest_good(database_file) == copy


@pytest.mark.parametrize("origin", ["known", "unknown"])
def test_the_newest_good_one_is_the_newest_that_is_whole_now(
    database_file: Path, origin: str
) -> None:
    good, bad = (backups.make(database_file, "asked").name for _ in range(2))
    folder = copies.folder_of(database_file)
    break_page(folder / bad, "workspaces")
    if origin == "unknown":
        (folder / bad).with_suffix(".json").unlink()
    assert backups.newest_good(database_file) == folder / good


def test_a_single_flipped_bit_is_found_by_the_bytes_that_were_written(database_file: Path) -> None:
    """In a page that nothing uses, where no check of SQLite's would see it."""
    copy = copies.folder_of(database_file) / backups.make(database_file, "asked").name
    content = bytearray(copy.read_bytes())
    content[-1] ^= 1
    copy.write_bytes(content)
    with pytest.raises(DatabaseCorruptError) as caught:
        backups.verify(copy)
    assert caught.value.details == {"check": "not the bytes that were written"}


def test_a_damaged_database_gives_no_backup_and_is_checked_whole_at_the_next_start(
    database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_module, "ALWAYS_BYTES", 0)
    good = backups.make(database_file, "asked")
    break_page(database_file, "workspaces")
    check_module.check(database_file)
    with pytest.raises(DatabaseCorruptError):
        backups.make(database_file, "schedule")
    assert backups.listed(database_file) == [good]
    with pytest.raises(DatabaseCorruptError):
        check_module.check(database_file)


async def test_only_what_changed_since_is_a_change(app: Services, database_file: Path) -> None:
    assert backups.is_changed(database_file), "there is no backup at all"
    backups.make(database_file, "asked")
    assert not backups.is_changed(database_file)
    session = await start(app)
    assert backups.is_changed(database_file)
    backups.make(database_file, "asked")
    await draft(app, session.questions[0])
    assert backups.is_changed(database_file), "what is being typed counts as well"
    backups.make(database_file, "asked")
    assert not backups.is_changed(database_file)
    await answer(app, session.questions[0])
    assert backups.is_changed(database_file)


def test_a_backup_that_can_not_be_read_is_no_reason_to_make_none(database_file: Path) -> None:
    made = backups.make(database_file, "asked")
    (copies.folder_of(database_file) / made.name).write_bytes(b"not a database" * 1_000)
    assert backups.is_changed(database_file)


async def test_contents_are_counted_as_a_person_would(app: Services, database_file: Path) -> None:
    await live(app)
    with closing(sqlite3.connect(database_file)) as plain:
        assert backups.contents(plain) == Contents(sessions=2, answers=5, questions=1)


def test_how_long_it_took_is_remembered(database_file: Path) -> None:
    assert backups.seconds_needed(database_file) == 0
    backups.make(database_file, "asked")
    assert backups.seconds_needed(database_file) > 0
