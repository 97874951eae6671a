"""Evaluations, every version of them, and the jobs that make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.repositories.tracking import Tracker, to_json
from main_process.workspace import new_id, now, to_datetime
from shared_contracts.envelope import IPCError
from shared_contracts.errors import NotFoundError
from shared_contracts.evaluation import (
    OFFLINE_VERSION,
    Dispute,
    DisputeEvaluation,
    Evaluation,
    EvaluationJob,
    EvaluationRecord,
    JobState,
)
from shared_contracts.questions import Question
from shared_contracts.recordings import SpokenFacts

_COLUMNS = "id, answer_id, version, created_at, result, dispute, revision"
_JOB_COLUMNS = "id, answer_id, state, attempts, error"
_RESULT = msgspec.json.Decoder(Evaluation)
_DISPUTE = msgspec.json.Decoder(Dispute)
_ERROR = msgspec.json.Decoder(IPCError)
_SPOKEN = msgspec.json.Decoder(SpokenFacts)
_QUESTION = msgspec.json.Decoder(Question)
# One list inside the other: of a join, SQLite would go through all answers of the owner.
_IN_SESSION = (
    "IN (SELECT id FROM answers WHERE owner_id = ?1 AND session_question_id IN"
    " (SELECT id FROM session_questions WHERE owner_id = ?1 AND session_id = ?2))"
)

LOOKED_AT = 5_000
"""More than a person has; of a million, the look at all of them would take seconds."""
_OUTDATED = """
SELECT e.answer_id, e.result ->> 'evaluator_version'
FROM (SELECT * FROM evaluations WHERE owner_id = :owner ORDER BY id DESC LIMIT :most) e
JOIN answers a ON a.owner_id = e.owner_id AND a.id = e.answer_id
JOIN session_questions sq ON sq.owner_id = a.owner_id AND sq.id = a.session_question_id
JOIN sessions s ON s.owner_id = sq.owner_id AND s.id = sq.session_id
WHERE e.evaluator = 'offline' AND s.deleted_at IS NULL
AND e.version = (SELECT max(version) FROM evaluations
                 WHERE owner_id = e.owner_id AND answer_id = e.answer_id)
AND a.version = (SELECT max(version) FROM answers
                 WHERE owner_id = a.owner_id AND session_question_id = a.session_question_id)
AND NOT EXISTS (SELECT 1 FROM evaluation_jobs j
                WHERE j.owner_id = e.owner_id AND j.answer_id = e.answer_id
                AND j.state IN ('queued', 'running'))
ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class Work:
    """A job that was claimed, with what has to be judged."""

    job: EvaluationJob
    session_id: UUID
    question: Question
    answer: str
    asked_at: int
    """When it was put in line, in microseconds since 1970."""
    spoken: SpokenFacts | None = None


class Evaluations:
    """Results are added, never replaced; jobs are rows first, work second, so that none is lost."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._owner = tracker.workspace.owner

    def enqueue(self, tx: Transaction, answer_id: UUID) -> EvaluationJob:
        """Put an evaluation of the answer in line; one that waits already serves."""
        row = tx.execute(
            f"SELECT {_JOB_COLUMNS} FROM evaluation_jobs WHERE owner_id = ? AND answer_id = ?"
            " AND state IN ('queued', 'running')",
            (self._owner, answer_id.bytes),
        ).fetchone()
        if row is not None:
            return _job(row)
        job = EvaluationJob(id=new_id(), answer_id=answer_id, state="queued", attempts=0)
        tx.execute(
            "INSERT INTO evaluation_jobs (owner_id, id, answer_id, state, attempts, created_at,"
            " updated_at) VALUES (?, ?, ?, 'queued', 0, ?, ?)",
            (self._owner, job.id.bytes, answer_id.bytes, now(), now()),
        )
        return job

    def requeue_interrupted(self, tx: Transaction) -> int:
        """Put jobs that ran when the app ended back in line. Returns how many."""
        return tx.execute(
            "UPDATE evaluation_jobs SET state = 'queued' WHERE owner_id = ? AND state = 'running'",
            (self._owner,),
        ).rowcount

    def claim_next(self, tx: Transaction) -> Work | None:
        """Take the oldest waiting job, None if there is none."""
        row = tx.execute(
            "SELECT j.id, j.answer_id, j.state, j.attempts, j.error, sq.session_id, sq.question,"
            " a.text, j.created_at, a.spoken FROM evaluation_jobs j"
            " JOIN answers a ON a.owner_id = j.owner_id AND a.id = j.answer_id"
            " JOIN session_questions sq"
            " ON sq.owner_id = j.owner_id AND sq.id = a.session_question_id"
            " WHERE j.owner_id = ? AND j.state = 'queued' ORDER BY j.id LIMIT 1",
            (self._owner,),
        ).fetchone()
        if row is None:
            return None
        job = _job(row[:5])
        self._set_state(tx, job.id, "running", job.attempts + 1, job.error)
        return Work(
            job=msgspec.structs.replace(job, state="running", attempts=job.attempts + 1),
            session_id=UUID(bytes=row[5]),
            question=_QUESTION.decode(row[6]),
            answer=row[7],
            asked_at=row[8],
            spoken=_SPOKEN.decode(row[9]) if row[9] else None,
        )

    def cancel(self, tx: Transaction, job_id: UUID) -> EvaluationJob:
        """Take a job out of the line, or give it up; a finished one stays. Raises NotFoundError."""
        self._move(tx, job_id, "cancelled")
        row = tx.execute(
            f"SELECT {_JOB_COLUMNS} FROM evaluation_jobs WHERE owner_id = ? AND id = ?",
            (self._owner, job_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"job_id": str(job_id)})
        return _job(row)

    def finish(self, tx: Transaction, job: EvaluationJob, *results: Evaluation) -> None:
        """Store the results as the answer's next versions, and the job as done.

        An answer that was wiped in the meantime has no job any more, and a job may have been
        cancelled: then there is no result.
        """
        if self._move(tx, job.id, "done"):
            for result in results:
                self._add(tx, job, result)

    def outdated(self, tx: Transaction) -> list[UUID]:
        """The newest answers whose newest evaluation an older offline evaluator made, the oldest
        first; those that are in line left out. Only the last LOOKED_AT evaluations are looked at.
        """
        rows = tx.execute(_OUTDATED, {"owner": self._owner, "most": LOOKED_AT})
        return [
            UUID(bytes=answer_id)
            for answer_id, version in rows
            if _number(version) < _number(OFFLINE_VERSION)
        ]

    def has_of(self, tx: Transaction, answer_id: UUID, version: str) -> bool:
        """Whether an evaluator of this version judged the answer."""
        row = tx.execute(
            "SELECT 1 FROM evaluations WHERE owner_id = ? AND answer_id = ?"
            " AND result ->> 'evaluator_version' = ?",
            (self._owner, answer_id.bytes, version),
        ).fetchone()
        return row is not None

    def _add(self, tx: Transaction, job: EvaluationJob, result: Evaluation) -> None:
        (version,) = tx.execute(
            "SELECT coalesce(max(version), 0) + 1 FROM evaluations"
            " WHERE owner_id = ? AND answer_id = ?",
            (self._owner, job.answer_id.bytes),
        ).fetchone()
        values = {
            "answer_id": job.answer_id.bytes,
            "version": version,
            "evaluator": result.evaluator,
            "score": result.counted,
            "result": to_json(result),
        }
        self._tracker.insert(tx, "evaluations", new_id().bytes, values)

    def put_back(
        self, tx: Transaction, job: EvaluationJob, state: JobState, error: IPCError
    ) -> None:
        """Note why the job was not done, and leave it `queued` or `failed`, unless cancelled."""
        if self._move(tx, job.id, state):
            self._set_state(tx, job.id, state, job.attempts, error)

    def waiting(self, tx: Transaction) -> int:
        """How many evaluations are still to be made."""
        row = tx.execute(
            "SELECT count(*) FROM evaluation_jobs WHERE owner_id = ?"
            " AND state IN ('queued', 'running')",
            (self._owner,),
        ).fetchone()
        return int(row[0])

    def dispute(self, tx: Transaction, said: DisputeEvaluation) -> EvaluationRecord:
        """Keep what the person says is wrong with it.

        Raises NotFoundError, or ConflictError for an old revision.
        """
        value = None
        if said.comment is not None:
            value = to_json(Dispute(comment=said.comment, created_at=to_datetime(now())))
        row_id = said.evaluation_id.bytes
        self._tracker.update(tx, "evaluations", row_id, {"dispute": value}, revision=said.revision)
        return self.by_id(tx, said.evaluation_id)

    def by_id(self, tx: Transaction, evaluation_id: UUID) -> EvaluationRecord:
        """One evaluation. Raises NotFoundError."""
        row = tx.execute(
            f"SELECT {_COLUMNS} FROM evaluations WHERE owner_id = ? AND id = ?",
            (self._owner, evaluation_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"evaluation_id": str(evaluation_id)})
        return _record(row)

    def session_of(self, tx: Transaction, evaluation_id: UUID) -> UUID:
        """The session that an evaluation belongs to. Raises NotFoundError."""
        row = tx.execute(
            "SELECT sq.session_id FROM evaluations e"
            " JOIN answers a ON a.owner_id = e.owner_id AND a.id = e.answer_id"
            " JOIN session_questions sq"
            " ON sq.owner_id = a.owner_id AND sq.id = a.session_question_id"
            " WHERE e.owner_id = ? AND e.id = ?",
            (self._owner, evaluation_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"evaluation_id": str(evaluation_id)})
        return UUID(bytes=row[0])

    def of_session(self, tx: Transaction, session_id: UUID) -> Sequence[EvaluationRecord]:
        """Every version of every evaluation of a session, in order."""
        rows = tx.execute(
            f"SELECT {_COLUMNS} FROM evaluations WHERE owner_id = ?1 AND answer_id {_IN_SESSION}"
            " ORDER BY version, id",
            (self._owner, session_id.bytes),
        )
        return [_record(row) for row in rows]

    def jobs_of_session(self, tx: Transaction, session_id: UUID) -> Sequence[EvaluationJob]:
        """The jobs of a session, the oldest first."""
        rows = tx.execute(
            f"SELECT {_JOB_COLUMNS} FROM evaluation_jobs WHERE owner_id = ?1 AND answer_id"
            # By id alone, the order of the key, SQLite would go through all jobs of the owner.
            f" {_IN_SESSION} ORDER BY created_at, id",
            (self._owner, session_id.bytes),
        )
        return [_job(row) for row in rows]

    def _move(self, tx: Transaction, job_id: UUID, state: JobState) -> bool:
        """Whether the job was still to be made; then it is in this state now, with no error."""
        changed = tx.execute(
            "UPDATE evaluation_jobs SET state = ?, error = NULL, updated_at = ?"
            " WHERE owner_id = ? AND id = ? AND state IN ('queued', 'running')",
            (state, now(), self._owner, job_id.bytes),
        )
        return changed.rowcount == 1

    def _set_state(
        self, tx: Transaction, job_id: UUID, state: JobState, attempts: int, error: IPCError | None
    ) -> None:
        tx.execute(
            "UPDATE evaluation_jobs SET state = ?, attempts = ?, error = ?, updated_at = ?"
            " WHERE owner_id = ? AND id = ?",
            (
                state,
                attempts,
                to_json(error) if error else None,
                now(),
                self._owner,
                job_id.bytes,
            ),
        )


def _number(version: str) -> int:
    """The number at the end of an evaluator's version; 0 of one from before they were counted."""
    _, _, number = version.rpartition("-")
    return int(number) if number.isdecimal() else 0


def _job(row: tuple[bytes, bytes, JobState, int, str | None]) -> EvaluationJob:
    row_id, answer_id, state, attempts, error = row
    return EvaluationJob(
        id=UUID(bytes=row_id),
        answer_id=UUID(bytes=answer_id),
        state=state,
        attempts=attempts,
        error=_ERROR.decode(error) if error else None,
    )


def _record(row: tuple[bytes, bytes, int, int, str, str | None, int]) -> EvaluationRecord:
    row_id, answer_id, version, created_at, result, dispute, revision = row
    return EvaluationRecord(
        id=UUID(bytes=row_id),
        answer_id=UUID(bytes=answer_id),
        version=version,
        created_at=to_datetime(created_at),
        result=_RESULT.decode(result),
        dispute=_DISPUTE.decode(dispute) if dispute else None,
        revision=revision,
    )
