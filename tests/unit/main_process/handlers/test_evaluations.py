"""An evaluation can be asked for again, and disputed."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.handlers import evaluations, sessions, settings
from main_process.services import Services
from shared_contracts.errors import ConflictError, NotFoundError
from shared_contracts.evaluation import (
    OFFLINE_VERSION,
    CancelEvaluation,
    DisputeEvaluation,
    GetOutdated,
    RenewEvaluations,
    RequestEvaluation,
)
from shared_contracts.sessions import DeleteSession, InterviewSession
from shared_contracts.settings import SaveSettings
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


async def judged_by(app: Services, version: str, **setup: object) -> InterviewSession:
    """An interview of one question, answered and judged by such an offline evaluator."""
    session = await steps.start(app, **setup)
    answer = await steps.answer(app, session.questions[0])
    await steps.evaluate(app, answer.id, make_evaluation(evaluator_version=version))
    return session


async def test_answers_of_an_older_evaluator_are_counted_and_put_in_line_once(
    app: Services,
) -> None:
    old = await judged_by(app, "offline-1")
    await judged_by(app, OFFLINE_VERSION)
    assert (await evaluations.outdated(app, GetOutdated())).answers == 1
    assert (await evaluations.renew(app, RenewEvaluations())).answers == 1
    assert (await evaluations.outdated(app, GetOutdated())).answers == 0
    assert (await evaluations.renew(app, RenewEvaluations())).answers == 0
    question = (await steps.reopen(app, old)).questions[0]
    assert question.job
    assert len(question.evaluations) == 1
    result = make_evaluation(0.8, evaluator_version=OFFLINE_VERSION)
    await steps.evaluate(app, question.answers[0].id, result)
    versions = (await steps.reopen(app, old)).questions[0].evaluations
    assert [v.result.evaluator_version for v in versions] == ["offline-1", OFFLINE_VERSION]
    assert (await evaluations.outdated(app, GetOutdated())).answers == 0


async def test_only_what_counts_is_offered_to_be_judged_again(app: Services) -> None:
    improved = await judged_by(app, "offline-1")
    await steps.answer(app, improved.questions[0], "A second try.")
    deleted = await judged_by(app, "offline-1")
    await sessions.delete(app, DeleteSession(session_id=deleted.id))
    by_server = await steps.start(app)
    answer = await steps.answer(app, by_server.questions[0])
    judgement = make_evaluation(evaluator="llm", evaluator_version="llm-1")
    await steps.evaluate(app, answer.id, judgement)
    assert (await evaluations.outdated(app, GetOutdated())).answers == 0


async def test_while_a_server_judges_nothing_old_is_judged_again(app: Services) -> None:
    await judged_by(app, "offline-1")
    await settings.save(app, SaveSettings(evaluator="llm"))
    assert (await evaluations.outdated(app, GetOutdated())).answers == 0
    assert (await evaluations.renew(app, RenewEvaluations())).answers == 0


async def test_a_job_that_is_done_can_no_longer_be_cancelled_and_an_unknown_one_is_db007(
    app: Services,
) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    work = await app.database.write(app.evaluations.claim_next)
    assert work
    await app.database.write(lambda tx: app.evaluations.finish(tx, work.job, make_evaluation()))
    assert (await evaluations.cancel(app, CancelEvaluation(job_id=work.job.id))).state == "done"
    with pytest.raises(NotFoundError):
        await evaluations.cancel(app, CancelEvaluation(job_id=uuid4()))


async def test_what_comes_of_a_cancelled_job_is_dropped(app: Services) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    work = await app.database.write(app.evaluations.claim_next)
    assert work
    await evaluations.cancel(app, CancelEvaluation(job_id=work.job.id))
    error = NotFoundError().to_ipc()
    await app.database.write(lambda tx: app.evaluations.finish(tx, work.job, make_evaluation()))
    await app.database.write(lambda tx: app.evaluations.put_back(tx, work.job, "queued", error))
    question = (await steps.reopen(app, session)).questions[0]
    assert question.job
    assert (question.job.state, question.job.error, question.evaluations) == ("cancelled", None, ())
