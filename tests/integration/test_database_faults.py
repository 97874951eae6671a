"""Real faults under a process that writes: nothing confirmed is lost, and nobody waits for ever.

`script/bench faults` makes the same faults many times, at random moments and places.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.benchmarks.faults import damage, disk
from tests.benchmarks.faults.kill import Moment, kill_once, while_closing
from tests.benchmarks.faults.ledger import Ledger
from tests.benchmarks.faults.process import WriterProcess

pytestmark = pytest.mark.timeout(300)


def after(kept: int) -> Moment:
    """The moment at which so many more writes are confirmed."""

    async def moment(running: WriterProcess, _: float) -> None:
        await running.until_more("kept", kept)

    return moment


class TestKill:
    """kill -9 of the process that holds the database, with 64 clients writing."""

    async def test_what_was_confirmed_is_there_and_what_was_not_is_whole_or_not_at_all(
        self, tmp_path: Path
    ) -> None:
        ledger = Ledger()
        for moment in (after(1), after(200), while_closing, after(64)):
            verdict = await kill_once(tmp_path / "interview.db", ledger, moment, 0)
            assert verdict.holds, verdict
        assert len(ledger.kept) >= 265


class TestDisk:
    """Faults around the file; each is over before its process goes on."""

    @pytest.fixture
    def small_disk(self, tmp_path: Path) -> Iterator[Path]:
        try:
            with disk.small_disk(tmp_path) as small:
                yield small
        except disk.CannotError as error:
            pytest.skip(f"a file system of one's own is for root: {error}")

    async def test_a_full_disk_is_db005_for_everybody_and_all_goes_on_once_there_is_space(
        self, small_disk: Path
    ) -> None:
        outcome = await disk.endure(small_disk / "interview.db", disk.no_more_space)
        assert outcome.codes == Counter({"DB005": disk.CLIENTS})
        assert outcome.verdict.holds, outcome

    async def test_a_limit_for_files_is_db005_for_everybody_and_all_goes_on_without_it(
        self, tmp_path: Path
    ) -> None:
        outcome = await disk.endure(tmp_path / "interview.db", disk.no_larger_files)
        assert outcome.codes == Counter({"DB005": disk.CLIENTS})
        assert outcome.verdict.holds, outcome

    async def test_a_file_made_immutable_is_db005_for_everybody_and_all_goes_on_after_it(
        self, tmp_path: Path
    ) -> None:
        try:
            outcome = await disk.endure(tmp_path / "interview.db", disk.immutable)
        except disk.CannotError as error:
            pytest.skip(f"to make a file immutable is for root: {error}")
        assert outcome.codes == Counter({"DB005": disk.CLIENTS})
        assert outcome.verdict.holds, outcome

    async def test_a_disk_that_can_only_be_read_is_db005_at_the_start_and_stays_as_it_is(
        self, tmp_path: Path
    ) -> None:
        try:
            outcome = await disk.open_read_only(tmp_path)
        except disk.CannotError as error:
            pytest.skip(f"to mount is for root: {error}")
        assert outcome.codes == Counter({"DB005": 1})
        assert outcome.verdict.holds, outcome

    async def test_a_lock_that_stays_is_db001_for_everybody_and_all_goes_on_after_it(
        self, tmp_path: Path
    ) -> None:
        outcome = await disk.endure(
            tmp_path / "interview.db", disk.locked_by_another, busy_seconds=0.2
        )
        assert outcome.codes == Counter({"DB001": disk.CLIENTS})
        assert outcome.verdict.holds, outcome

    async def test_a_lock_that_goes_away_in_time_is_met_by_waiting(self, tmp_path: Path) -> None:
        outcome = await disk.wait_out_a_lock(tmp_path / "interview.db", 0.3)
        assert not outcome.codes
        assert outcome.verdict.holds, outcome


class TestDamage:
    """A file that is not what was written. What can't be noticed is counted by the benchmark."""

    @pytest.fixture
    async def examiner(self) -> AsyncIterator[damage.Examiner]:
        async with damage.Examiner.open() as examiner:
            yield examiner

    async def test_of_a_log_that_was_cut_or_changed_everything_before_that_place_is_kept(
        self, tmp_path: Path, examiner: damage.Examiner
    ) -> None:
        sample = await damage.killed_sample(tmp_path, examiner)
        assert len(sample.commits) >= len(sample.whole.names) >= 50
        chance = random.Random(1)  # noqa: S311  the same places each time
        for harm in (damage.cut_log, damage.flip_in_log):
            for _ in range(3):
                trial = await harm(sample, examiner, chance)
                assert trial.examination.coded, trial
                assert trial.examination.sound, trial
                assert trial.examination.names == trial.on_disk

    async def test_a_changed_byte_is_told_by_a_code_or_changes_nothing_else(
        self, tmp_path: Path, examiner: damage.Examiner
    ) -> None:
        sample = await damage.closed_sample(tmp_path, examiner)
        chance = random.Random(2)  # noqa: S311  the same places each time
        trials = [await damage.flip_in_file(sample, examiner, chance) for _ in range(12)]
        assert all(trial.examination.coded for trial in trials), trials
        in_header = await damage.flip_in_file(sample, examiner, chance, first=16)
        assert in_header.result == "DB008 when opening"
