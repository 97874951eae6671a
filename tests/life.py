"""A profile that has been used: something of every kind that the app can keep."""

from __future__ import annotations

from uuid import UUID

from main_process.database import Transaction
from main_process.handlers import answers, evaluations, questions, sessions, settings
from main_process.services import Services
from shared_contracts.answers import SkipQuestion
from shared_contracts.errors import AIServiceUnavailableError
from shared_contracts.evaluation import (
    Advice,
    DisputeEvaluation,
    Evaluation,
    KeyPointResult,
    Quote,
    RequestEvaluation,
    StarResult,
)
from shared_contracts.questions import CreateQuestion
from shared_contracts.recordings import HeardPart, Piece, Word
from shared_contracts.sessions import DeleteSession, SaveSession
from shared_contracts.settings import SaveSettings
from tests.factories import make_evaluation
from tests.steps import answer, draft, evaluate, start

FIRST_ANSWER = "A rye loaf wants a sour dough: its acid keeps the starch from breaking down."
"""Handed in, judged, and told to be wrong."""
DRAFT = "Half a sentence, with “quotes”,\na line break and an umlaut: Mühle"
"""Typed and not handed in."""
OWN_QUESTION = "When would you prune an apple tree? 🍎"
SERVER = "http://localhost:11434/v1"


async def live(app: Services) -> None:
    """Three interviews: finished, under way, and deleted; an own question, settings."""
    await questions.create(
        app,
        CreateQuestion(
            kind="technical",
            topic="gardening",
            difficulty="medium",
            prompt=OWN_QUESTION,
            reference_answer="In late winter; never in a hard frost.",
            key_points=("In late winter.", "Not in a hard frost."),
            tags=("trees",),
        ),
    )
    await settings.save(app, SaveSettings(theme="dark", llm_base_url=SERVER, llm_model="small"))
    await _finish(app)
    await _leave_under_way(app)
    deleted = await start(app)
    await answer(app, deleted.questions[0], "Gone soon, and still here until the next start.")
    await sessions.delete(app, DeleteSession(session_id=deleted.id))


async def _finish(app: Services) -> None:
    session = await start(app, role="baker", question_count=3, feedback_during=True)
    first, second, third = session.questions
    given = await answer(app, first, FIRST_ANSWER)
    await evaluate(app, given.id, _judgement())
    better = await answer(app, first, f"{FIRST_ANSWER} And it keeps for a week, 90 % of the time.")
    await evaluate(app, better.id, make_evaluation(0.75))
    await evaluate(app, better.id, make_evaluation(None, opinion=True, evaluator="llm"))
    await answers.skip(app, SkipQuestion(session_question_id=second.id, elapsed_ms=4_000))
    await answer(app, third, 'Line one.\nLine two, with a tab\tand a backslash \\ and a "quote".')
    change = SaveSession(
        session_id=session.id, revision=session.revision, status="finished", position=2
    )
    done = await sessions.save(app, change)
    (evaluation, *_) = done.questions[0].evaluations
    said = DisputeEvaluation(evaluation_id=evaluation.id, comment="The acid is there: “sour”.")
    await evaluations.dispute(app, said)


async def _leave_under_way(app: Services) -> None:
    session = await start(app, question_count=2, seconds_per_question=None)
    given = await answer(app, session.questions[0], "Two words")
    job = await evaluations.request(app, RequestEvaluation(answer_id=given.id))
    problem = AIServiceUnavailableError().to_ipc()

    def put_back(tx: Transaction) -> None:
        app.evaluations.put_back(tx, job, "queued", problem)

    await app.database.write(put_back)
    await draft(app, session.questions[1], DRAFT)
    await _speak(app, session.questions[1].id)


async def _speak(app: Services, question: UUID) -> None:
    """A recording that was not handed in."""
    recording_id = await app.recorder.start(question)
    app.recorder.take(Piece(recording_id, 0, b"\1\2" * 3_200))
    await app.recorder.finish(recording_id, 2)
    word = Word(text="Half", start_ms=40, end_ms=180, probability=0.75)
    part = HeardPart(consumed_ms=200, words=(word,), speech_ms=140, loudness_db=-21.5)
    await app.database.write(lambda tx: app.recordings.add_heard(tx, recording_id, 0, part))


def _judgement() -> Evaluation:
    quote = Quote(start=0, end=32, text=FIRST_ANSWER[:32])
    return make_evaluation(
        1 / 3,
        key_points=(
            KeyPointResult(key_point="Acid.", coverage="covered", similarity=0.83, evidence=quote),
            KeyPointResult(key_point="It keeps.", coverage="missing", similarity=1e-07),
        ),
        star=(StarResult(part="action", found=False),),
        advice=(Advice(text="Name what it costs.", quote=quote),),
    )
