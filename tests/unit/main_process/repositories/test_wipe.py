"""A wipe empties every table that holds something of the person's."""

from __future__ import annotations

from functools import partial

from main_process.database import Transaction
from main_process.handlers import questions
from main_process.repositories.wipe import delete_everything
from main_process.services import Services
from shared_contracts.contract import Count
from shared_contracts.questions import GetQuestions, QuestionFilter
from shared_contracts.recordings import HeardPart
from shared_contracts.settings import SaveSettings, Wiped
from tests import steps
from tests.factories import make_evaluation, make_own_question


def note_heard(app: Services, tx: Transaction) -> None:
    """Something was heard in each recording."""
    for recording in app.recordings.in_state(tx, "failed"):
        app.recordings.add_heard(tx, recording.id, 0, HeardPart(consumed_ms=1))


async def test_every_table_but_owner_and_device_is_empty_after_it(app: Services) -> None:
    for _ in range(2):
        session = await steps.start(app)
        (question,) = session.questions
        answer = await steps.answer(app, question)
        await steps.evaluate(app, answer.id, make_evaluation())
        await steps.draft(app, question)
        await app.recorder.start(question.id)
    await app.recorder.aclose()
    await app.database.write(partial(note_heard, app))
    await questions.create(app, make_own_question())
    change = SaveSettings(theme="dark")
    await app.database.write(partial(app.settings.save, change=change))
    before = await app.database.read(steps.row_counts)
    assert min(before.values()) > 0
    assert await app.database.write(delete_everything) == Wiped(sessions=2, questions=1)
    after = await app.database.read(steps.row_counts)
    assert {table for table, rows in after.items() if rows} == {"workspaces", "devices"}


async def test_nothing_that_was_derived_is_left_and_the_indexes_go_on(app: Services) -> None:
    session = await steps.start(app, question_count=5)
    for question in session.questions:
        await steps.answer(app, question)
    await questions.create(app, make_own_question())
    await app.database.write(delete_everything)

    def counts(tx: Transaction) -> list[int]:
        tables = ("question_index", "answer_index", "forgotten", "answer_words_docsize")
        count = "SELECT count(*) FROM {}".format
        return [tx.execute(count(table)).fetchone()[0] for table in tables]

    assert await app.database.read(counts) == [0, 0, 0, 0]
    own = await questions.create(app, make_own_question(prompt="When would you prune a pear?"))
    found = await questions.get(app, GetQuestions(filter=QuestionFilter(text="would"), count=True))
    assert (found.items, found.total) == ((own,), Count(number=1))
