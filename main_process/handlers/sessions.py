"""`db:session:*`: starting, changing, opening and deleting interviews."""

from __future__ import annotations

from uuid import UUID

import msgspec

from main_process.database import Transaction
from main_process.repositories.sessions import SessionParts
from main_process.repositories.tracking import showing_current
from main_process.services import Services
from main_process.workspace import new_id
from shared_contracts.errors import NotFoundError, ValidationFailedError
from shared_contracts.health import Done
from shared_contracts.questions import Question
from shared_contracts.sessions import (
    MAX_QUESTIONS,
    AddFollowUp,
    DeleteSession,
    GetHistory,
    GetSession,
    HistoryPage,
    InterviewSession,
    RestoreSession,
    SaveSession,
    SessionSetup,
    StartSession,
)

_TOPICS_IN_TITLE = 2


async def start(app: Services, request: StartSession) -> InterviewSession:
    """Pick the questions and begin. Raises VAL001 when none match."""
    setup = _with_topics(app, request.setup)

    def work(tx: Transaction) -> InterviewSession:
        questions = _pick(app, tx, setup)
        if not questions:
            raise ValidationFailedError(
                "No question matches this choice.",
                details={
                    "field": "setup",
                    "reason": "no question of these topics and difficulties",
                },
            )
        session_id = app.sessions.insert(
            tx, _title(app, setup, questions), request.setup, questions
        )
        return open_session(app, tx, session_id)

    return await app.database.write(work)


async def save(app: Services, request: SaveSession) -> InterviewSession:
    """Change title, status or position. Raises DB006 with the stored session if it is newer."""

    def work(tx: Transaction) -> InterviewSession:
        with showing_current(lambda: _as_it_is(app, tx, request.session_id)):
            app.sessions.save(tx, request)
        return open_session(app, tx, request.session_id)

    return await app.database.write(work)


async def get(app: Services, request: GetSession) -> InterviewSession:
    """One session with everything in it."""
    return await app.database.read(lambda tx: open_session(app, tx, request.session_id))


async def history(app: Services, request: GetHistory) -> HistoryPage:
    """A page of the history."""
    return await app.database.read(
        lambda tx: app.sessions.history(tx, request.limit, request.after)
    )


async def delete(app: Services, request: DeleteSession) -> Done:
    """Take a session out of the history. Raises DB006 with the stored session if it is newer."""
    await app.database.write(lambda tx: _set_deleted(app, tx, request, deleted=True))
    return Done()


async def restore(app: Services, request: RestoreSession) -> InterviewSession:
    """Undo a delete. Raises DB006 with the stored session if it is newer."""

    def work(tx: Transaction) -> InterviewSession:
        _set_deleted(app, tx, request, deleted=False)
        return open_session(app, tx, request.session_id)

    return await app.database.write(work)


async def follow_up(app: Services, request: AddFollowUp) -> InterviewSession:
    """Ask a follow-up at the end. Raises NotFoundError, and VAL001 when the interview is full."""

    def work(tx: Transaction) -> InterviewSession:
        session = open_session(app, tx, app.sessions.of_question(tx, request.session_question_id))
        if len(session.questions) >= MAX_QUESTIONS:
            raise ValidationFailedError(
                f"An interview has {MAX_QUESTIONS} questions at most.",
                details={"field": "prompt", "reason": "the interview is full"},
            )
        asked = next(q for q in session.questions if q.id == request.session_question_id)
        app.sessions.append(tx, session, _follow_up(asked.question, request))
        return open_session(app, tx, session.id)

    return await app.database.write(work)


def _follow_up(question: Question, wanted: AddFollowUp) -> Question:
    """A question of this interview alone: the bank doesn't know it."""
    return Question(
        id=new_id(),
        kind="technical" if wanted.key_point else question.kind,
        topic=question.topic,
        difficulty=question.difficulty,
        prompt=wanted.prompt,
        key_points=(wanted.key_point,) if wanted.key_point else (),
        tags=("follow-up",),
    )


def open_session(app: Services, tx: Transaction, session_id: UUID) -> InterviewSession:
    """The whole session, all read in one transaction."""
    parts = SessionParts(
        answers=app.answers.of_session(tx, session_id),
        evaluations=app.evaluations.of_session(tx, session_id),
        jobs=app.evaluations.jobs_of_session(tx, session_id),
        drafts=app.answers.drafts_of_session(tx, session_id),
    )
    return app.sessions.by_id(tx, session_id, parts)


def _set_deleted(
    app: Services, tx: Transaction, wanted: DeleteSession | RestoreSession, *, deleted: bool
) -> None:
    with showing_current(lambda: _as_it_is(app, tx, wanted.session_id)):
        app.sessions.set_deleted(tx, wanted.session_id, deleted=deleted, revision=wanted.revision)


def _as_it_is(app: Services, tx: Transaction, session_id: UUID) -> InterviewSession | None:
    """The session, None when it is deleted."""
    try:
        return open_session(app, tx, session_id)
    except NotFoundError:
        return None


def _with_topics(app: Services, setup: SessionSetup) -> SessionSetup:
    """The setup with the topics that it means: its own, else its role's, else all."""
    if setup.topics or setup.role is None:
        return setup
    role = next((role for role in app.bank.roles if role.id == setup.role), None)
    if role is None:
        raise NotFoundError("There is no such role.", details={"role": setup.role})
    return msgspec.structs.replace(setup, topics=role.topics)


def _pick(app: Services, tx: Transaction, setup: SessionSetup) -> list[Question]:
    if setup.question_ids:
        return [app.questions.by_id(tx, question_id) for question_id in setup.question_ids]
    return app.questions.pick(tx, setup)


def _title(app: Services, setup: SessionSetup, questions: list[Question]) -> str:
    """What the history calls it until the person renames it."""
    for role in app.bank.roles:
        if role.id == setup.role:
            return role.title
    chosen = {question.topic for question in questions} if setup.question_ids else setup.topics
    names = [topic.title for topic in app.bank.topics if topic.id in chosen]
    more = len(names) - _TOPICS_IN_TITLE
    shown = ", ".join(names[:_TOPICS_IN_TITLE]) or "Mixed interview"
    return f"{shown} and {more} more" if more > 0 else shown
