"""Interview sessions: the whole of one, and the history of all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.repositories.tracking import SQLValue, Tracker, to_json
from main_process.workspace import new_id, now, to_datetime
from shared_contracts.answers import Answer
from shared_contracts.errors import NotFoundError, ValidationFailedError
from shared_contracts.evaluation import EvaluationJob, EvaluationRecord
from shared_contracts.questions import Question
from shared_contracts.sessions import (
    HistoryPage,
    InterviewSession,
    SaveSession,
    SessionQuestion,
    SessionSetup,
    SessionSummary,
)

_SETUP = msgspec.json.Decoder(SessionSetup)
_QUESTION = msgspec.json.Decoder(Question)
_HISTORY = """
SELECT s.id, s.title, s.status, s.setup, s.created_at, s.finished_at, s.revision,
       count(sq.id), coalesce(sum(sq.status = 'answered'), 0), count(e.score), avg(e.score)
FROM sessions s
LEFT JOIN session_questions sq ON sq.owner_id = s.owner_id AND sq.session_id = s.id
LEFT JOIN answers a ON a.owner_id = sq.owner_id AND a.session_question_id = sq.id
     AND a.version = (SELECT max(version) FROM answers
                      WHERE owner_id = sq.owner_id AND session_question_id = sq.id)
LEFT JOIN evaluations e ON e.owner_id = a.owner_id AND e.answer_id = a.id
     AND e.version = (SELECT max(version) FROM evaluations
                      WHERE owner_id = a.owner_id AND answer_id = a.id)
WHERE s.owner_id = ? AND s.deleted_at IS NULL AND s.id < ?
GROUP BY s.id ORDER BY s.id DESC LIMIT ?
"""
_QUESTIONS_OF = "SELECT id FROM session_questions WHERE owner_id = ?1 AND session_id = ?2"
# One list inside the other: of a join, SQLite would go through all answers of the owner.
_ANSWERS_OF = (
    f"SELECT id FROM answers WHERE owner_id = ?1 AND session_question_id IN ({_QUESTIONS_OF})"
)
_EVALUATIONS_OF = f"SELECT id FROM evaluations WHERE owner_id = ?1 AND answer_id IN ({_ANSWERS_OF})"
_PARTS = {
    "evaluations": _EVALUATIONS_OF,
    "answers": _ANSWERS_OF,
    "session_questions": _QUESTIONS_OF,
}
"""The tracked rows that hang on a session, what hangs on others first."""
_AFTER_ALL = b"\xff" * 16


@dataclass(frozen=True, slots=True)
class SessionParts:
    """What hangs on a session; `drafts` are text, elapsed ms and time, by question."""

    answers: Sequence[Answer]
    evaluations: Sequence[EvaluationRecord]
    jobs: Sequence[EvaluationJob]
    drafts: Mapping[bytes, tuple[str, int, datetime]]


class Sessions:
    """A session keeps its questions as they were asked, so that it opens again as it was."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._owner = tracker.workspace.owner

    def insert(
        self, tx: Transaction, title: str, setup: SessionSetup, questions: Sequence[Question]
    ) -> UUID:
        """Start a session with these questions, in this order."""
        session_id = new_id()
        values: dict[str, SQLValue] = {
            "title": title,
            "status": "active",
            "setup": to_json(setup),
            "position": 0,
        }
        self._tracker.insert(tx, "sessions", session_id.bytes, values)
        for position, question in enumerate(questions):
            self._ask(tx, session_id, position, question)
        return session_id

    def append(self, tx: Transaction, session: InterviewSession, question: Question) -> None:
        """Ask one more at the end; a finished session goes on there."""
        position = len(session.questions)
        self._ask(tx, session.id, position, question)
        if session.status == "finished":
            values: dict[str, SQLValue] = {
                "status": "active",
                "finished_at": None,
                "position": position,
            }
            self._tracker.update(tx, "sessions", session.id.bytes, values)

    def of_question(self, tx: Transaction, question_id: UUID) -> UUID:
        """The session that asks this question. Raises NotFoundError."""
        row = tx.execute(
            "SELECT session_id FROM session_questions WHERE owner_id = ? AND id = ?",
            (self._owner, question_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"session_question_id": str(question_id)})
        return UUID(bytes=row[0])

    def _ask(self, tx: Transaction, session_id: UUID, position: int, question: Question) -> None:
        row: dict[str, SQLValue] = {
            "session_id": session_id.bytes,
            "position": position,
            "question_id": question.id.bytes,
            "question": to_json(question),
            "status": "open",
            "elapsed_ms": 0,
        }
        self._tracker.insert(tx, "session_questions", new_id().bytes, row)

    def by_id(self, tx: Transaction, session_id: UUID, parts: SessionParts) -> InterviewSession:
        """The whole session, put together from its parts. Raises NotFoundError (DB007)."""
        row = tx.execute(
            "SELECT title, status, setup, position, created_at, finished_at, revision FROM sessions"
            " WHERE owner_id = ? AND id = ? AND deleted_at IS NULL",
            (self._owner, session_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"session_id": str(session_id)})
        title, status, setup, position, created_at, finished_at, revision = row
        rows = tx.execute(
            "SELECT id, position, question, status, elapsed_ms, revision FROM session_questions"
            " WHERE owner_id = ? AND session_id = ? ORDER BY position",
            (self._owner, session_id.bytes),
        )
        questions = tuple(_asked(one, parts) for one in rows)
        scores = [score for score in map(score_of, questions) if score is not None]
        return InterviewSession(
            id=session_id,
            title=title,
            status=status,
            setup=_SETUP.decode(setup),
            position=position,
            questions=questions,
            score=sum(scores) / len(scores) if scores else None,
            graded=len(scores),
            created_at=to_datetime(created_at),
            finished_at=to_datetime(finished_at) if finished_at else None,
            revision=revision,
        )

    def prompt_of(self, tx: Transaction, question: UUID) -> str:
        """What one of its questions asks. Raises NotFoundError (DB007)."""
        row = tx.execute(
            "SELECT question FROM session_questions WHERE owner_id = ? AND id = ?",
            (self._owner, question.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"session_question_id": str(question)})
        return _QUESTION.decode(row[0]).prompt

    def save(self, tx: Transaction, change: SaveSession) -> None:
        """Change what is named. Raises NotFoundError, or ConflictError for an old revision."""
        named = {"title": change.title, "status": change.status, "position": change.position}
        values: dict[str, SQLValue] = {
            name: value for name, value in named.items() if value is not msgspec.UNSET
        }
        if change.status is not msgspec.UNSET:
            values["finished_at"] = now() if change.status == "finished" else None
        row_id = change.session_id.bytes
        self._tracker.update(tx, "sessions", row_id, values, revision=change.revision)

    def set_deleted(
        self, tx: Transaction, session_id: UUID, *, deleted: bool, revision: int | None = None
    ) -> None:
        """Take it out of the history, or back in.

        Raises NotFoundError, or ConflictError for an old revision.
        """
        values: dict[str, SQLValue] = {"deleted_at": now() if deleted else None}
        self._tracker.update(tx, "sessions", session_id.bytes, values, revision=revision)

    def bring_back(self, tx: Transaction, question_id: UUID) -> UUID | None:
        """Undo the delete of the question's session, if it was deleted. Returns its id if so."""
        row = tx.execute(
            "SELECT s.id FROM session_questions sq"
            " JOIN sessions s ON s.owner_id = sq.owner_id AND s.id = sq.session_id"
            " WHERE sq.owner_id = ? AND sq.id = ? AND s.deleted_at IS NOT NULL",
            (self._owner, question_id.bytes),
        ).fetchone()
        if row is None:
            return None
        session_id = UUID(bytes=row[0])
        self.set_deleted(tx, session_id, deleted=False)
        return session_id

    def purge_deleted(self, tx: Transaction) -> int:
        """Remove for good what was deleted, with all that hangs on it. Returns how many."""
        rows = tx.execute(
            "SELECT id FROM sessions WHERE owner_id = ? AND deleted_at IS NOT NULL", (self._owner,)
        ).fetchall()
        for (session_id,) in rows:
            for entity, statement in _PARTS.items():
                for (part_id,) in tx.execute(statement, (self._owner, session_id)).fetchall():
                    self._tracker.purge(tx, entity, part_id)
            self._tracker.purge(tx, "sessions", session_id)
        return len(rows)

    def history(self, tx: Transaction, limit: int, after: str | None) -> HistoryPage:
        """A page, the newest first. Raises ValidationFailedError for a broken cursor."""
        before = _AFTER_ALL if after is None else _from_cursor(after)
        rows = tx.execute(_HISTORY, (self._owner, before, limit + 1)).fetchall()
        items = tuple(map(_summary, rows[:limit]))
        return HistoryPage(items=items, next=items[-1].id.hex if len(rows) > limit else None)


def score_of(question: SessionQuestion) -> float | None:
    """The score that counts: of the newest evaluation of the newest answer, 0 to 1.

    None if there is none yet, or it is not graded, not sure, or an LLM's opinion.
    """
    if not question.answers:
        return None
    newest = question.answers[-1].id
    results = [record.result for record in question.evaluations if record.answer_id == newest]
    return results[-1].counted if results else None


def _asked(row: tuple[Any, ...], parts: SessionParts) -> SessionQuestion:
    row_id, position, question, status, elapsed_ms, revision = row
    own = tuple(answer for answer in parts.answers if answer.session_question_id.bytes == row_id)
    ids = {answer.id for answer in own}
    draft, draft_ms, saved_at = parts.drafts.get(row_id, (None, 0, None))
    return SessionQuestion(
        id=UUID(bytes=row_id),
        position=position,
        question=_QUESTION.decode(question),
        status=status,
        elapsed_ms=max(elapsed_ms, draft_ms),
        draft=draft,
        draft_saved_at=saved_at,
        answers=own,
        evaluations=tuple(record for record in parts.evaluations if record.answer_id in ids),
        job=_pending(parts.jobs, ids),
        revision=revision,
    )


def _pending(jobs: Sequence[EvaluationJob], answers: Collection[UUID]) -> EvaluationJob | None:
    """The newest job of these answers, unless it is done; older ones no longer matter."""
    newest = next((job for job in reversed(jobs) if job.answer_id in answers), None)
    return newest if newest and newest.state != "done" else None


def _summary(row: tuple[Any, ...]) -> SessionSummary:
    row_id, title, status, setup, created_at, finished_at, revision, *counts = row
    question_count, answered, graded, score = counts
    return SessionSummary(
        id=UUID(bytes=row_id),
        title=title,
        status=status,
        setup=_SETUP.decode(setup),
        question_count=question_count,
        answered=answered,
        graded=graded,
        score=score,
        created_at=to_datetime(created_at),
        finished_at=to_datetime(finished_at) if finished_at else None,
        revision=revision,
    )


def _from_cursor(cursor: str) -> bytes:
    try:
        return UUID(cursor).bytes
    except ValueError as error:
        details = {"field": "after", "reason": "not a cursor of an earlier page"}
        raise ValidationFailedError(details=details) from error
