"""Recordings, and what was heard in them, part by part.

They stay on this device: other than answers they are no rows that are tracked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.repositories.tracking import Tracker, to_json
from main_process.workspace import new_id, now, to_datetime
from shared_contracts.envelope import IPCError
from shared_contracts.errors import NotFoundError
from shared_contracts.recordings import (
    HeardPart,
    Pause,
    Recording,
    RecordingState,
    Transcript,
    Word,
)

_COLUMNS = "id, session_question_id, state, created_at, duration_ms, kept, problem, answer_id"
_ERROR = msgspec.json.Decoder(IPCError)
_PART = msgspec.json.Decoder(HeardPart)


class Recordings:
    """A recording is a row before its first sound is written, and what was heard is never lost."""

    def __init__(self, tracker: Tracker) -> None:
        self._owner = tracker.workspace.owner

    def insert(self, tx: Transaction, recording_id: UUID, question: UUID) -> None:
        """Begin one. Raises NotFoundError (DB007) when its question is gone."""
        written = tx.execute(
            "INSERT INTO recordings (owner_id, id, session_question_id, state, kept, duration_ms,"
            " created_at, updated_at) SELECT owner_id, ?, id, 'recording', 1, 0, ?, ?"
            " FROM session_questions WHERE owner_id = ? AND id = ?",
            (recording_id.bytes, now(), now(), self._owner, question.bytes),
        )
        if not written.rowcount:
            raise NotFoundError(details={"session_question_id": str(question)})

    def by_id(self, tx: Transaction, recording_id: UUID) -> Recording:
        """One, with what was heard so far. Raises NotFoundError (DB007)."""
        row = tx.execute(
            f"SELECT {_COLUMNS} FROM recordings WHERE owner_id = ? AND id = ?",
            (self._owner, recording_id.bytes),
        ).fetchone()
        if row is None:
            raise NotFoundError(details={"recording_id": str(recording_id)})
        return msgspec.structs.replace(_recording(row), transcript=self._heard(tx, recording_id))

    def of_session(self, tx: Transaction, session_id: UUID) -> Sequence[Recording]:
        """Those of an interview, the oldest first, without what was heard."""
        rows = tx.execute(
            f"SELECT {_COLUMNS} FROM recordings WHERE owner_id = ?1 AND session_question_id IN"
            " (SELECT id FROM session_questions WHERE owner_id = ?1 AND session_id = ?2)"
            " ORDER BY id",
            (self._owner, session_id.bytes),
        )
        return [_recording(row) for row in rows]

    def in_state(self, tx: Transaction, *states: RecordingState) -> Sequence[Recording]:
        """Those in one of these states, the oldest first, without what was heard."""
        rows: list[Any] = []
        for state in states:
            rows += tx.execute(
                f"SELECT {_COLUMNS} FROM recordings WHERE owner_id = ? AND state = ? ORDER BY id",
                (self._owner, state),
            ).fetchall()
        return [_recording(row) for row in rows]

    def set_state(
        self,
        tx: Transaction,
        recording_id: UUID,
        state: RecordingState,
        problem: IPCError | None = None,
    ) -> None:
        """Note how far it is; a problem that is known already stays when there is no other."""
        tx.execute(
            "UPDATE recordings SET state = ?, problem = coalesce(?, problem), updated_at = ?"
            " WHERE owner_id = ? AND id = ?",
            (state, problem and to_json(problem), now(), self._owner, recording_id.bytes),
        )

    def set_duration(self, tx: Transaction, recording_id: UUID, duration_ms: int) -> None:
        """Note how long it is."""
        tx.execute(
            "UPDATE recordings SET duration_ms = ?, updated_at = ? WHERE owner_id = ? AND id = ?",
            (duration_ms, now(), self._owner, recording_id.bytes),
        )

    def set_kept(self, tx: Transaction, recording_id: UUID, *, kept: bool) -> None:
        """Note whether its sound is to stay."""
        tx.execute(
            "UPDATE recordings SET kept = ?, updated_at = ? WHERE owner_id = ? AND id = ?",
            (int(kept), now(), self._owner, recording_id.bytes),
        )

    def hand_in(
        self, tx: Transaction, recording: Recording, answer_id: UUID, *, kept: bool
    ) -> None:
        """It is this answer's now; the question's others that are no answer's go."""
        key = (self._owner, recording.session_question_id.bytes, recording.id.bytes)
        tx.execute(
            "UPDATE recordings SET answer_id = ?4, kept = ?5 WHERE owner_id = ?1"
            " AND session_question_id = ?2 AND id = ?3",
            (*key, answer_id.bytes, int(kept)),
        )
        tx.execute(
            "DELETE FROM recordings WHERE owner_id = ?1 AND session_question_id = ?2"
            " AND id <> ?3 AND answer_id IS NULL",
            key,
        )

    def delete(self, tx: Transaction, recording_id: UUID) -> None:
        """Remove it and what was heard. Raises NotFoundError (DB007)."""
        gone = tx.execute(
            "DELETE FROM recordings WHERE owner_id = ? AND id = ?",
            (self._owner, recording_id.bytes),
        )
        if not gone.rowcount:
            raise NotFoundError(details={"recording_id": str(recording_id)})

    def outdated(self, tx: Transaction, before: int) -> Sequence[UUID]:
        """The done ones of before this time (microseconds) whose sound is still there."""
        rows = tx.execute(
            "SELECT id FROM recordings WHERE owner_id = ? AND state IN ('ready', 'failed')"
            " AND kept = 1 AND created_at < ?",
            (self._owner, before),
        )
        return [UUID(bytes=row_id) for (row_id,) in rows]

    def add_heard(
        self, tx: Transaction, recording_id: UUID, start_ms: int, part: HeardPart
    ) -> None:
        """Add what was heard in the part from `start_ms` on; nothing if the recording is gone."""
        tx.execute(
            "INSERT INTO heard_parts (owner_id, id, recording_id, start_ms, end_ms, body)"
            " SELECT owner_id, ?, id, ?, ?, ? FROM recordings WHERE owner_id = ? AND id = ?",
            (
                new_id().bytes,
                start_ms,
                start_ms + part.consumed_ms,
                to_json(part),
                self._owner,
                recording_id.bytes,
            ),
        )

    def heard_ms(self, tx: Transaction, recording_id: UUID) -> int:
        """Up to where it was listened to."""
        (end,) = tx.execute(
            "SELECT coalesce(max(end_ms), 0) FROM heard_parts"
            " WHERE owner_id = ? AND recording_id = ?",
            (self._owner, recording_id.bytes),
        ).fetchone()
        return int(end)

    def parts(self, tx: Transaction, recording_id: UUID) -> Sequence[tuple[int, HeardPart]]:
        """What was heard, and from where on."""
        rows = tx.execute(
            "SELECT start_ms, body FROM heard_parts WHERE owner_id = ? AND recording_id = ?"
            " ORDER BY id",
            (self._owner, recording_id.bytes),
        )
        return [(start, _PART.decode(body)) for start, body in rows]

    def _heard(self, tx: Transaction, recording_id: UUID) -> Transcript | None:
        parts = self.parts(tx, recording_id)
        return transcript_of(parts) if parts else None


def transcript_of(parts: Sequence[tuple[int, HeardPart]]) -> Transcript:
    """The parts as one; a pause that goes over the end of one is one pause."""
    words: list[Word] = []
    pauses: list[Pause] = []
    for start, part in parts:
        words += [_later(word, start) for word in part.words]
        for pause in (_later(pause, start) for pause in part.pauses):
            if pauses and pause.start_ms <= pauses[-1].end_ms:
                pauses[-1] = Pause(start_ms=pauses[-1].start_ms, end_ms=pause.end_ms)
            else:
                pauses.append(pause)
    return Transcript(
        text=" ".join(word.text for word in words),
        words=tuple(words),
        pauses=tuple(pauses),
        speech_ms=sum(part.speech_ms for _, part in parts),
        model=parts[-1][1].model,
    )


def _later(span: Any, by_ms: int) -> Any:  # noqa: ANN401  a word or a pause
    return msgspec.structs.replace(span, start_ms=span.start_ms + by_ms, end_ms=span.end_ms + by_ms)


def _recording(row: tuple[Any, ...]) -> Recording:
    row_id, question, state, created_at, duration_ms, kept, problem, answer = row
    return Recording(
        id=UUID(bytes=row_id),
        session_question_id=UUID(bytes=question),
        state=state,
        created_at=to_datetime(created_at),
        duration_ms=duration_ms,
        kept=bool(kept),
        problem=_ERROR.decode(problem) if problem else None,
        answer_id=UUID(bytes=answer) if answer else None,
    )
