"""`ai:evaluate:request` and `db:evaluations:dispute`."""

from __future__ import annotations

from main_process.database import Transaction
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
    """Keep that the person says it is wrong, or no longer does."""
    return await app.database.write(lambda tx: app.evaluations.dispute(tx, request))
