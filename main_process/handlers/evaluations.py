"""`ai:evaluate:*` and `db:evaluations:dispute`."""

from __future__ import annotations

from main_process.database import Transaction
from main_process.repositories.tracking import showing_current
from main_process.services import Services
from shared_contracts.evaluation import (
    OFFLINE_VERSION,
    CancelEvaluation,
    DisputeEvaluation,
    EvaluationJob,
    EvaluationRecord,
    GetOutdated,
    Outdated,
    RenewEvaluations,
    RequestEvaluation,
)


async def request(app: Services, request: RequestEvaluation) -> EvaluationJob:
    """Put a (new) evaluation in line. Raises NotFoundError for an answer that isn't there."""

    def work(tx: Transaction) -> EvaluationJob:
        app.answers.session_of(tx, request.answer_id)
        return app.evaluations.enqueue(tx, request.answer_id)

    job = await app.database.write(work)
    app.judge_soon(request.answer_id)
    return job


async def cancel(app: Services, request: CancelEvaluation) -> EvaluationJob:
    """Take it out of the line, or stop it. Raises NotFoundError.

    Once it is cancelled in the database, whatever still comes of it is dropped.
    """
    job = await app.database.write(lambda tx: app.evaluations.cancel(tx, request.job_id))
    if (task := app.judging.get(request.job_id)) is not None:
        task.cancel()
    return job


async def outdated(app: Services, _: GetOutdated) -> Outdated:
    """How many answers an older offline evaluator judged."""

    def work(tx: Transaction) -> int:
        settings, _ = app.settings.get(tx)
        return len(app.evaluations.outdated(tx)) if settings.evaluator == "offline" else 0

    count = await app.database.read(work)
    return Outdated(answers=count, evaluator_version=OFFLINE_VERSION)


async def renew(app: Services, _: RenewEvaluations) -> Outdated:
    """Put them in line, for the offline evaluator alone: with another one chosen, none are."""

    def work(tx: Transaction) -> int:
        settings, _ = app.settings.get(tx)
        answers = app.evaluations.outdated(tx) if settings.evaluator == "offline" else []
        for answer_id in answers:
            app.evaluations.enqueue(tx, answer_id)
        return len(answers)

    count = await app.database.write(work, large=True)
    app.evaluations_due.set()
    return Outdated(answers=count, evaluator_version=OFFLINE_VERSION)


async def dispute(app: Services, request: DisputeEvaluation) -> EvaluationRecord:
    """Keep that the person says it is wrong, or no longer does.

    Raises DB006 with the stored evaluation if it is newer.
    """

    def work(tx: Transaction) -> EvaluationRecord:
        with showing_current(lambda: app.evaluations.by_id(tx, request.evaluation_id)):
            return app.evaluations.dispute(tx, request)

    return await app.database.write(work)
