"""A wipe empties every table that holds something of the person's."""

from __future__ import annotations

from functools import partial

from main_process.handlers import questions
from main_process.repositories.wipe import delete_everything
from main_process.services import Services
from shared_contracts.settings import SaveSettings, Wiped
from tests import steps
from tests.factories import make_evaluation, make_own_question


async def test_every_table_but_owner_and_device_is_empty_after_it(app: Services) -> None:
    for _ in range(2):
        session = await steps.start(app)
        (question,) = session.questions
        answer = await steps.answer(app, question)
        await steps.evaluate(app, answer.id, make_evaluation())
        await steps.draft(app, question)
    await questions.create(app, make_own_question())
    change = SaveSettings(theme="dark")
    await app.database.write(partial(app.settings.save, change=change))
    before = await app.database.read(steps.row_counts)
    assert min(before.values()) > 0
    assert await app.database.write(delete_everything) == Wiped(sessions=2, questions=1)
    after = await app.database.read(steps.row_counts)
    assert {table for table, rows in after.items() if rows} == {"workspaces", "devices"}
