"""Evaluations pile up, and jobs go from line to work to done, or back."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

import pytest

from main_process.repositories.evaluations import Work
from main_process.services import Services
from shared_contracts.errors import AIServiceUnavailableError, NotFoundError
from shared_contracts.evaluation import DisputeEvaluation, JobState
from tests import steps
from tests.factories import make_evaluation
from tests.query_plans import walks

GONE = AIServiceUnavailableError().to_ipc()


async def claim(app: Services) -> Work | None:
    return await app.database.write(app.evaluations.claim_next)


async def put_back(app: Services, work: Work, state: JobState) -> None:
    await app.database.write(lambda tx: app.evaluations.put_back(tx, work.job, state, GONE))


async def waiting(app: Services) -> int:
    return await app.database.read(app.evaluations.waiting)


async def test_jobs_are_done_in_the_order_they_came(app: Services) -> None:
    session = await steps.start(app, question_count=3)
    for question in session.questions:
        await steps.answer(app, question, f"Answer {question.position}")
    assert await waiting(app) == 3
    claimed = [await claim(app) for _ in range(3)]
    assert [work.answer for work in claimed if work] == ["Answer 0", "Answer 1", "Answer 2"]
    assert [work.question for work in claimed if work] == [q.question for q in session.questions]
    assert {work.session_id for work in claimed if work} == {session.id}
    assert await claim(app) is None
    assert await waiting(app) == 3


async def test_an_answer_that_waits_is_not_put_in_line_twice(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    again = await app.database.write(lambda tx: app.evaluations.enqueue(tx, answer.id))
    assert again.state == "queued"
    assert await waiting(app) == 1
    work = await claim(app)
    assert work
    running = await app.database.write(lambda tx: app.evaluations.enqueue(tx, answer.id))
    assert (running.id, running.state, running.attempts) == (again.id, "running", 1)


async def test_a_job_that_is_put_back_is_claimed_again_with_one_more_attempt(app: Services) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    for attempt in (1, 2, 3):
        work = await claim(app)
        assert work
        assert work.job.attempts == attempt
        await put_back(app, work, "queued")
        (question,) = (await steps.reopen(app, session)).questions
        assert question.job
        assert (question.job.state, question.job.error) == ("queued", GONE)


async def test_a_job_that_ran_when_the_app_ended_is_back_in_line(app: Services) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    first = await claim(app)
    assert await app.database.write(app.evaluations.requeue_interrupted) == 1
    second = await claim(app)
    assert first
    assert second
    assert second.job.id == first.job.id


async def test_a_failed_job_is_shown_until_a_later_one_is_done(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    work = await claim(app)
    assert work
    await put_back(app, work, "failed")
    assert await waiting(app) == 0
    (question,) = (await steps.reopen(app, session)).questions
    assert question.job
    assert question.job.state == "failed"
    await steps.evaluate(app, answer.id, make_evaluation())
    (question,) = (await steps.reopen(app, session)).questions
    assert question.job is None
    assert len(question.evaluations) == 1


async def test_a_result_for_an_answer_that_was_wiped_is_dropped(app: Services) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    work = await claim(app)
    assert work
    await app.database.write(lambda tx: tx.execute("DELETE FROM sessions"))
    await app.database.write(lambda tx: app.evaluations.finish(tx, work.job, make_evaluation()))
    await put_back(app, work, "failed")
    count = await app.database.read(
        lambda tx: tx.execute("SELECT count(*) FROM evaluations").fetchone()
    )
    assert count == (0,)


async def test_an_evaluation_comes_back_as_it_was_made(app: Services) -> None:
    made = make_evaluation(None, guards=("off_topic",), fallback=GONE, opinion=True, limits="Few.")
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await steps.evaluate(app, answer.id, made)
    (record,) = (await steps.reopen(app, session)).questions[0].evaluations
    assert record.result == made
    assert (record.answer_id, record.version, record.dispute) == (answer.id, 1, None)


async def test_a_dispute_is_kept_replaced_and_taken_back(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await steps.evaluate(app, answer.id, make_evaluation(0.2))
    (record,) = (await steps.reopen(app, session)).questions[0].evaluations
    for comment in ("I did say that.", "", None):
        said = DisputeEvaluation(evaluation_id=record.id, comment=comment)
        given = await app.database.write(partial(app.evaluations.dispute, said=said))
        (stored,) = (await steps.reopen(app, session)).questions[0].evaluations
        assert stored == given
        assert (stored.dispute.comment if stored.dispute else None) == comment
        assert stored.result == record.result


async def test_an_evaluation_knows_its_session(app: Services) -> None:
    session = await steps.start(app)
    answer = await steps.answer(app, session.questions[0])
    await steps.evaluate(app, answer.id, make_evaluation())
    (record,) = (await steps.reopen(app, session)).questions[0].evaluations
    found = await app.database.read(lambda tx: app.evaluations.session_of(tx, record.id))
    assert found == session.id
    with pytest.raises(NotFoundError):
        await app.database.read(lambda tx: app.evaluations.session_of(tx, uuid4()))
    nothing = DisputeEvaluation(evaluation_id=uuid4(), comment="Which?")
    with pytest.raises(NotFoundError):
        await app.database.write(lambda tx: app.evaluations.dispute(tx, nothing))


async def test_those_of_a_session_are_found_without_looking_at_all(app: Services) -> None:
    session = await steps.start(app)
    await steps.answer(app, session.questions[0])
    for work in (app.evaluations.of_session, app.evaluations.jobs_of_session):
        read = partial(work, session_id=session.id)
        assert await app.database.read(partial(walks, read)) == []
