"""Opening the services brings the bank in once and clears away what was deleted."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from main_process.database import DatabaseManager
from main_process.question_bank import Bank
from main_process.services import open_services
from shared_contracts.questions import QuestionFilter
from tests import steps


async def test_a_second_start_finds_everything_and_writes_nothing(
    tmp_path: Path, database_file: Path, bank: Bank
) -> None:
    found = []
    for _ in range(2):
        async with DatabaseManager.open(database_file) as database:
            app = await open_services(tmp_path, database, bank, lambda: ())
            page = await database.read(
                partial(app.questions.page, wanted=QuestionFilter(), limit=200, after=None)
            )
            found.append((page, await database.read(steps.row_counts)))
    assert found[0] == found[1]
    assert len(found[0][0].items) == len(bank.questions)


async def test_the_clock_goes_on_where_it_was(
    tmp_path: Path, database_file: Path, bank: Bank
) -> None:
    async with DatabaseManager.open(database_file) as database:
        await open_services(tmp_path, database, bank, lambda: ())
        await database.write(
            lambda tx: tx.execute("UPDATE change_log SET clock = clock + (1 << 60)")
        )
        app = await open_services(tmp_path, database, bank, lambda: ())
        (before,) = await database.read(
            lambda tx: tx.execute("SELECT max(clock) FROM change_log").fetchone()
        )
        await steps.start(app)
        rows = await database.read(
            lambda tx: tx.execute(
                "SELECT clock FROM change_log WHERE entity = 'sessions'"
            ).fetchall()
        )
    assert [clock > before for (clock,) in rows] == [True]
