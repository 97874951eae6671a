"""An answer and its evaluation are put in line together, or neither."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.handlers import answers
from main_process.services import Services
from shared_contracts.answers import SaveAnswer, SkipQuestion
from shared_contracts.errors import NotFoundError, ValidationFailedError
from shared_contracts.health import Done
from tests import steps


async def test_an_answer_waits_for_its_evaluation_and_the_worker_is_told(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    (question,) = (await steps.reopen(app, session)).questions
    assert question.job
    assert (question.job.answer_id, question.job.state) == (answer.id, "queued")
    assert app.evaluations_due.is_set()


@pytest.mark.parametrize("text", ["", " ", "\n\t \u2003\u00a0"])
async def test_an_empty_answer_is_val001_and_the_draft_is_kept(app: Services, text: str) -> None:
    session = await steps.start(app)
    (question,) = session.questions
    await steps.draft(app, question, "Still thinking")
    with pytest.raises(ValidationFailedError) as caught:
        await steps.answer(app, question, text)
    assert caught.value.details["field"] == "text"
    (unchanged,) = (await steps.reopen(app, session)).questions
    assert (unchanged.draft, unchanged.answers) == ("Still thinking", ())
    assert not app.evaluations_due.is_set()


async def test_an_answer_to_no_question_leaves_no_job(app: Services) -> None:
    with pytest.raises(NotFoundError):
        await answers.save(app, SaveAnswer(session_question_id=uuid4(), text="Yes", elapsed_ms=0))
    assert await app.database.read(app.evaluations.waiting) == 0
    assert not app.evaluations_due.is_set()


async def test_a_question_can_be_skipped(app: Services) -> None:
    session = await steps.start(app)
    skip = SkipQuestion(session_question_id=session.questions[0].id, elapsed_ms=50)
    assert await answers.skip(app, skip) == Done()
    assert (await steps.reopen(app, session)).questions[0].status == "skipped"
