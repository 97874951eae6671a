"""What a person does in an interview, straight through the handlers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from uuid import UUID

from main_process.database import Transaction
from main_process.handlers import answers, sessions
from main_process.services import Services
from shared_contracts.answers import Answer, SaveAnswer, SaveDraft
from shared_contracts.evaluation import Evaluation
from shared_contracts.schema import metadata
from shared_contracts.sessions import GetSession, InterviewSession, SessionQuestion, SessionSetup
from tests.factories import make_start

OpenApp = Callable[[], AbstractAsyncContextManager[Services]]
SETUP = SessionSetup()
TEXT = "An index makes reads quicker, and every write has to keep it."


async def start(app: Services, **setup: object) -> InterviewSession:
    """Begin an interview, of one question unless the setup says otherwise."""
    return await sessions.start(app, make_start(**setup))


async def reopen(app: Services, session: InterviewSession) -> InterviewSession:
    """The interview as it is now."""
    return await sessions.get(app, GetSession(session_id=session.id))


async def draft(app: Services, question: SessionQuestion, text: str = TEXT) -> None:
    """Type without handing in."""
    await answers.save_draft(
        app,
        SaveDraft(
            session_question_id=question.id,
            text=text,
            elapsed_ms=900,
            seen_at=question.draft_saved_at,
        ),
    )


async def answer(app: Services, question: SessionQuestion, text: str = TEXT) -> Answer:
    """Hand an answer in."""
    return await answers.save(
        app, SaveAnswer(session_question_id=question.id, text=text, elapsed_ms=1_000)
    )


async def evaluate(app: Services, answer_id: UUID, result: Evaluation) -> None:
    """Do the worker's part: this is the next evaluation of the answer."""

    def work(tx: Transaction) -> None:
        job = app.evaluations.enqueue(tx, answer_id)
        app.evaluations.finish(tx, job, result)

    await app.database.write(work)


def row_counts(tx: Transaction) -> dict[str, int]:
    """How many rows each table has."""
    count = "SELECT count(*) FROM {}".format
    return {table: tx.execute(count(table)).fetchone()[0] for table in metadata.tables}


def is_on_disk(text: str, folder: Path) -> bool:
    """Whether these bytes are anywhere in the database or the files beside it."""
    return any(text.encode() in path.read_bytes() for path in folder.glob("interview.db*"))
