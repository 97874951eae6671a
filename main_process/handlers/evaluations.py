"""`ai:evaluate:request` and `db:evaluations:dispute`."""

from __future__ import annotations

from main_process.database import Transaction
from main_process.repositories.tracking import showing_current
from main_process.services import Services
from shared_contracts.evaluation import (
    DisputeEvaluation,
    EvaluationJob,
    EvaluationRecord,
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


async def dispute(app: Services, request: DisputeEvaluation) -> EvaluationRecord:
    """Keep that the person says it is wrong, or no longer does.

    Raises DB006 with the stored evaluation if it is newer.
    """

    def work(tx: Transaction) -> EvaluationRecord:
        with showing_current(lambda: app.evaluations.by_id(tx, request.evaluation_id)):
            return app.evaluations.dispute(tx, request)

    return await app.database.write(work)
