"""Answers as handed in, the drafts before them, and questions that were skipped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.repositories.marks import snippet
from main_process.repositories.search import ANSWER_WORDS, Search, to_query
from main_process.repositories.tracking import SQLValue, Tracker, to_json
from main_process.workspace import new_id, now, to_datetime
from shared_contracts.answers import (
    Answer,
    AnswerHit,
    AnswerHits,
    DraftSaved,
    SaveAnswer,
    SaveDraft,
    SearchAnswers,
    SkipQuestion,
)
from shared_contracts.contract import Count
from shared_contracts.errors import ConflictError, NotFoundError
from shared_contracts.recordings import SpokenFacts
from shared_contracts.sessions import QuestionState

_COLUMNS = "id, session_question_id, version, text, elapsed_ms, created_at, spoken"
_SPOKEN = msgspec.json.Decoder(SpokenFacts)

_FOUND = """
SELECT i.number, a.id, sq.session_id, sq.id, s.title, sq.question ->> '$.topic',
       sq.question ->> '$.prompt', a.version, a.created_at
FROM answer_index i
JOIN answers a ON a.owner_id = i.owner_id AND a.id = i.answer_id
JOIN session_questions sq ON sq.owner_id = a.owner_id AND sq.id = a.session_question_id
JOIN sessions s ON s.owner_id = sq.owner_id AND s.id = sq.session_id
"""


class Answers:
    """An answer is never changed: a better one is the next version."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._owner = tracker.workspace.owner

    def insert(
        self, tx: Transaction, given: SaveAnswer, spoken: SpokenFacts | None = None
    ) -> Answer:
        """Store the text as the question's next version; its draft has done its work and goes.

        Raises NotFoundError when its question is gone, ConflictError when it is told which draft
        was seen and there is a newer one.
        """
        if given.seen_at is not None:
            self._refuse_unseen(tx, given)
        question = given.session_question_id.bytes
        (version,) = tx.execute(
            "SELECT coalesce(max(version), 0) + 1 FROM answers"
            " WHERE owner_id = ? AND session_question_id = ?",
            (self._owner, question),
        ).fetchone()
        status: dict[str, SQLValue] = {"status": "answered", "elapsed_ms": given.elapsed_ms}
        self._tracker.update(tx, "session_questions", question, status)
        answer_id = new_id()
        values: dict[str, SQLValue] = {
            "session_question_id": question,
            "version": version,
            "text": given.text,
            "elapsed_ms": given.elapsed_ms,
        }
        if spoken:
            values["spoken"] = to_json(spoken)
        created = self._tracker.insert(tx, "answers", answer_id.bytes, values)
        self._drop_draft(tx, question)
        return Answer(
            id=answer_id,
            session_question_id=given.session_question_id,
            version=version,
            text=given.text,
            elapsed_ms=given.elapsed_ms,
            created_at=to_datetime(created),
            spoken=spoken,
        )

    def skip(self, tx: Transaction, given: SkipQuestion) -> None:
        """Mark the question skipped, unless it has an answer already.

        Raises NotFoundError, or ConflictError for an old revision of the question.
        """
        row_id = given.session_question_id.bytes
        (answered,) = tx.execute(
            "SELECT count(*) FROM answers WHERE owner_id = ? AND session_question_id = ?",
            (self._owner, row_id),
        ).fetchone()
        status = "answered" if answered else "skipped"
        values: dict[str, SQLValue] = {"status": status, "elapsed_ms": given.elapsed_ms}
        self._tracker.update(tx, "session_questions", row_id, values, revision=given.revision)

    def state_of(self, tx: Transaction, question_id: UUID) -> QuestionState:
        """How the question of a session stands. Raises NotFoundError."""
        row = tx.execute(
            "SELECT status, elapsed_ms, revision FROM session_questions"
            " WHERE owner_id = ? AND id = ?",
            (self._owner, question_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"session_question_id": str(question_id)})
        return QuestionState(status=row[0], elapsed_ms=row[1], revision=row[2])

    def save_draft(self, tx: Transaction, draft: SaveDraft) -> DraftSaved:
        """Keep what is being typed.

        Raises NotFoundError when its question is gone, ConflictError when a draft was written
        elsewhere that the page has not seen.
        """
        self._refuse_unseen(tx, draft)
        saved = now()
        written = tx.execute(
            "INSERT INTO drafts (owner_id, session_question_id, text, elapsed_ms, updated_at)"
            " SELECT owner_id, id, ?, ?, ? FROM session_questions WHERE owner_id = ? AND id = ?"
            " ON CONFLICT (owner_id, session_question_id) DO UPDATE SET text = excluded.text,"
            " elapsed_ms = excluded.elapsed_ms, updated_at = excluded.updated_at",
            (
                draft.text,
                draft.elapsed_ms,
                saved,
                self._owner,
                draft.session_question_id.bytes,
            ),
        )
        if not written.rowcount:
            raise NotFoundError(details={"session_question_id": str(draft.session_question_id)})
        return DraftSaved(
            session_question_id=draft.session_question_id, saved_at=to_datetime(saved)
        )

    def _refuse_unseen(self, tx: Transaction, draft: SaveDraft | SaveAnswer) -> None:
        row = tx.execute(
            "SELECT text, updated_at FROM drafts WHERE owner_id = ? AND session_question_id = ?",
            (self._owner, draft.session_question_id.bytes),
        ).fetchone()
        if row is None or row[0] == draft.text:
            return
        saved_at = to_datetime(row[1])
        if draft.seen_at is None or draft.seen_at < saved_at:
            raise ConflictError(
                "This answer was changed in another window or tab.",
                details={"text": row[0], "saved_at": saved_at},
            )

    def of_session(self, tx: Transaction, session_id: UUID) -> Sequence[Answer]:
        """Every version of every answer of a session, in the order they were handed in."""
        rows = tx.execute(
            f"SELECT {_COLUMNS} FROM answers WHERE owner_id = ? AND session_question_id IN"
            " (SELECT id FROM session_questions WHERE owner_id = ? AND session_id = ?)"
            " ORDER BY version, id",
            (self._owner, self._owner, session_id.bytes),
        )
        return [_answer(row) for row in rows]

    def drafts_of_session(
        self, tx: Transaction, session_id: UUID
    ) -> dict[bytes, tuple[str, int, datetime]]:
        """Text, elapsed ms and time of each draft of a session, by the id of its question."""
        rows = tx.execute(
            "SELECT session_question_id, text, elapsed_ms, updated_at FROM drafts"
            " WHERE owner_id = ? AND session_question_id IN"
            " (SELECT id FROM session_questions WHERE owner_id = ? AND session_id = ?)",
            (self._owner, self._owner, session_id.bytes),
        )
        return {row_id: (text, ms, to_datetime(saved)) for row_id, text, ms, saved in rows}

    def session_of(self, tx: Transaction, answer_id: UUID) -> UUID:
        """The session that an answer belongs to. Raises NotFoundError."""
        row = tx.execute(
            "SELECT sq.session_id FROM answers a JOIN session_questions sq"
            " ON sq.owner_id = a.owner_id AND sq.id = a.session_question_id"
            " WHERE a.owner_id = ? AND a.id = ?",
            (self._owner, answer_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"answer_id": str(answer_id)})
        return UUID(bytes=row[0])

    def search(self, tx: Transaction, asked: SearchAnswers) -> AnswerHits:
        """A page of the answers that have the words, of interviews in the history.

        Raises ValidationFailedError (VAL001) for a broken cursor.
        """
        query = to_query(asked.text)
        if query is None:
            return AnswerHits(items=(), total=Count(number=0))
        hits, following, total = Search(tx, ANSWER_WORDS, query).page(asked.limit, asked.after)
        marked = {hit.number: hit.marked for hit in hits}
        # The plus keeps SQLite from walking all rows of the owner instead of these.
        rows = tx.execute(
            f"{_FOUND} WHERE +i.owner_id = ? AND i.number IN ({', '.join('?' * len(hits))})",
            (self._owner, *marked),
        )
        found = {row[0]: _hit(row, marked[row[0]]) for row in rows}
        return AnswerHits(
            items=tuple(found[number] for number in marked if number in found),
            total=total,
            next=following,
        )

    def _drop_draft(self, tx: Transaction, question: bytes) -> None:
        tx.execute(
            "DELETE FROM drafts WHERE owner_id = ? AND session_question_id = ?",
            (self._owner, question),
        )


def _answer(row: tuple[bytes, bytes, int, str, int, int, str | None]) -> Answer:
    row_id, question, version, text, elapsed_ms, created_at, spoken = row
    return Answer(
        id=UUID(bytes=row_id),
        session_question_id=UUID(bytes=question),
        version=version,
        text=text,
        elapsed_ms=elapsed_ms,
        created_at=to_datetime(created_at),
        spoken=_SPOKEN.decode(spoken) if spoken else None,
    )


def _hit(row: tuple[Any, ...], marked: str) -> AnswerHit:
    _, answer_id, session_id, question, title, topic, prompt, version, created_at = row
    passage, marks = snippet(marked)
    return AnswerHit(
        answer_id=UUID(bytes=answer_id),
        session_id=UUID(bytes=session_id),
        session_question_id=UUID(bytes=question),
        session_title=title,
        topic=topic,
        prompt=prompt,
        version=version,
        created_at=to_datetime(created_at),
        snippet=passage,
        marks=marks,
    )
