"""Interview sessions: how they are set up, what they hold, and the history of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from shared_contracts.answers import Answer
from shared_contracts.contract import Contract, Cursor, Line, Revision, Slug
from shared_contracts.evaluation import EvaluationJob, EvaluationRecord
from shared_contracts.questions import Difficulty, KeyPoint, Prompt, Question

MAX_QUESTIONS = 30
SessionStatus = Literal["active", "paused", "finished"]
QuestionStatus = Literal["open", "answered", "skipped"]


class SessionSetup(Contract):
    """What the person chose. `seconds_per_question` None means no time is suggested.

    `topics` empty means those of `role`, or all. `feedback_during` shows each result at once.
    """

    role: Slug | None = None
    topics: Annotated[tuple[Slug, ...], Meta(max_length=20)] = ()
    difficulties: tuple[Difficulty, ...] = ()
    question_count: Annotated[int, Meta(ge=1, le=MAX_QUESTIONS)] = 5
    seconds_per_question: Annotated[int, Meta(ge=30, le=3_600)] | None = 180
    feedback_during: bool = False
    question_ids: Annotated[tuple[UUID, ...], Meta(max_length=MAX_QUESTIONS)] = ()


class StartSession(Contract):
    """Picks the questions and starts an interview; `question_ids` of the setup, if given, are asked
    as they are.
    """

    setup: SessionSetup


class SessionQuestion(Contract):
    """One question of a session, as it was asked (`question` is a snapshot), and all that became of
    it.

    `answers` and `evaluations` are in the order they were made, nothing is ever replaced. `draft`
    is text that was typed and not handed in.
    """

    id: UUID
    position: int
    question: Question
    status: QuestionStatus
    elapsed_ms: int
    draft: str | None = None
    draft_saved_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    evaluations: tuple[EvaluationRecord, ...] = ()
    job: EvaluationJob | None = None
    revision: int = 1


class QuestionState(Contract):
    """What of a session's question can be changed elsewhere, as DB006 shows it."""

    status: QuestionStatus
    elapsed_ms: int
    revision: int


class InterviewSession(Contract):
    """A whole interview. `score` is the mean content score (0 to 1) of its `graded` answers, or
    None.
    """

    id: UUID
    title: str
    status: SessionStatus
    setup: SessionSetup
    position: int
    questions: tuple[SessionQuestion, ...]
    score: float | None
    graded: int
    created_at: datetime
    finished_at: datetime | None
    revision: int


class GetSession(Contract):
    """Asks for one session with everything in it."""

    session_id: UUID


class SaveSession(Contract):
    """Changes what is named and leaves the rest. Raises DB006, with the session as it is now as
    `current`, when `revision` is not the stored one.
    """

    session_id: UUID
    revision: Revision
    title: Line | UnsetType = UNSET
    status: SessionStatus | UnsetType = UNSET
    position: Annotated[int, Meta(ge=0, le=MAX_QUESTIONS)] | UnsetType = UNSET


class DeleteSession(Contract):
    """Takes a session out of the history; it can be restored until the app is started anew.

    Raises DB006 when there is a `revision` and it is not the stored one.
    """

    session_id: UUID
    revision: Revision | None = None


class RestoreSession(Contract):
    """Undoes a delete. Raises DB006 when there is a `revision` and it is not the stored one."""

    session_id: UUID
    revision: Revision | None = None


class AddFollowUp(Contract):
    """Makes a follow-up of this question the last one of its interview, which goes on with it if it
    was finished. A strong answer makes the `key_point`, if there is one.
    """

    session_question_id: UUID
    prompt: Prompt
    key_point: KeyPoint | None = None


class SessionSummary(Contract):
    """One line of the history."""

    id: UUID
    title: str
    status: SessionStatus
    setup: SessionSetup
    question_count: int
    answered: int
    graded: int
    score: float | None
    created_at: datetime
    finished_at: datetime | None
    revision: int


class GetHistory(Contract):
    """A page of the history, the newest first."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Cursor | None = None


class HistoryPage(Contract):
    """`next` is the cursor of the following page, None on the last."""

    items: tuple[SessionSummary, ...]
    next: Cursor | None = None
