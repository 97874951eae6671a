"""An evaluation can be asked for again, and disputed."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.handlers import evaluations
from main_process.services import Services
from shared_contracts.errors import ConflictError, NotFoundError
from shared_contracts.evaluation import DisputeEvaluation, RequestEvaluation
from tests import steps
from tests.factories import make_evaluation


async def test_a_second_evaluation_stands_beside_the_first(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await steps.evaluate(app, answer.id, make_evaluation(0.2))
    app.evaluations_due.clear()
    job = await evaluations.request(app, RequestEvaluation(answer_id=answer.id))
    assert (job.answer_id, job.state, job.attempts) == (answer.id, "queued", 0)
    assert app.evaluations_due.is_set()
    await steps.evaluate(app, answer.id, make_evaluation(0.9))
    reopened = await steps.reopen(app, session)
    assert [r.result.scores.content for r in reopened.questions[0].evaluations] == [0.2, 0.9]
    assert reopened.score == 0.9


async def test_an_answer_that_is_not_there_is_db007(app: Services) -> None:
    with pytest.raises(NotFoundError):
        await evaluations.request(app, RequestEvaluation(answer_id=uuid4()))
    assert not app.evaluations_due.is_set()


async def test_a_dispute_is_kept_with_its_evaluation(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await steps.evaluate(app, answer.id, make_evaluation())
    (record,) = (await steps.reopen(app, session)).questions[0].evaluations
    disputed = await evaluations.dispute(
        app, DisputeEvaluation(evaluation_id=record.id, comment="I said it.")
    )
    assert disputed.dispute
    assert disputed.dispute.comment == "I said it."
    assert (await steps.reopen(app, session)).questions[0].evaluations == (disputed,)


async def test_disputing_what_changed_meanwhile_is_db006_with_what_is_there_now(
    app: Services,
) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await steps.evaluate(app, answer.id, make_evaluation())
    (seen,) = (await steps.reopen(app, session)).questions[0].evaluations

    def says(comment: str) -> DisputeEvaluation:
        return DisputeEvaluation(evaluation_id=seen.id, comment=comment, revision=seen.revision)

    first = await evaluations.dispute(app, says("In one window."))
    assert first.revision == seen.revision + 1
    with pytest.raises(ConflictError) as caught:
        await evaluations.dispute(app, says("In another."))
    assert caught.value.details == {"revision": first.revision, "current": first}
