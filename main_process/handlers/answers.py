"""`db:drafts:save` and `db:answers:*`: what is typed, handed in, skipped or looked for."""

from __future__ import annotations

from uuid import UUID

from main_process import spoken
from main_process.database import Transaction
from main_process.repositories.tracking import showing_current
from main_process.services import Services
from shared_contracts.answers import (
    Answer,
    AnswerHits,
    DraftSaved,
    SaveAnswer,
    SaveDraft,
    SearchAnswers,
    SkipQuestion,
)
from shared_contracts.errors import NotFoundError, ValidationFailedError
from shared_contracts.health import Done
from shared_contracts.recordings import Recording


async def save_draft(app: Services, request: SaveDraft) -> DraftSaved:
    """Keep what is in the editor; an interview that somebody writes in is not deleted any more."""

    def work(tx: Transaction) -> tuple[DraftSaved, UUID | None]:
        saved = app.answers.save_draft(tx, request)
        return saved, app.sessions.bring_back(tx, request.session_question_id)

    saved, brought_back = await app.database.write(work)
    if brought_back:
        app.events.changed("sessions", [brought_back])
    return saved


async def save(app: Services, request: SaveAnswer) -> Answer:
    """Store the answer and put its evaluation in line, both or neither. Raises VAL001 if empty.

    Its interview is not deleted any more.
    """
    if not request.text.strip():
        raise ValidationFailedError(
            "An empty answer can't be evaluated: write a sentence, or skip the question.",
            details={"field": "text", "reason": "it is empty"},
        )

    if request.recording_id:
        await app.recorder.finish(request.recording_id)

    def work(tx: Transaction) -> Answer:
        recording = _recording_of(app, tx, request)
        facts = spoken.facts_of(recording) if recording else None
        answer = app.answers.insert(tx, request, facts)
        app.sessions.bring_back(tx, request.session_question_id)
        if recording:
            kept = request.keep_recording
            if kept is None:
                kept = app.settings.get(tx)[0].voice.keep_recordings
            app.recordings.hand_in(tx, recording, answer.id, kept=kept)
        app.evaluations.enqueue(tx, answer.id)
        return answer

    answer = await app.database.write(work)
    app.judge_soon(answer.id)
    if request.recording_id:
        await app.recorder.tidy()
        app.events.changed("recordings", [request.recording_id])
    return answer


def _recording_of(app: Services, tx: Transaction, request: SaveAnswer) -> Recording | None:
    """The recording it was spoken in. Raises NotFoundError (DB007) if it is another question's."""
    if request.recording_id is None:
        return None
    recording = app.recordings.by_id(tx, request.recording_id)
    if recording.session_question_id != request.session_question_id:
        raise NotFoundError(details={"recording_id": str(request.recording_id)})
    return recording


async def search(app: Services, request: SearchAnswers) -> AnswerHits:
    """Find own answers by their words."""
    return await app.database.read(lambda tx: app.answers.search(tx, request))


async def skip(app: Services, request: SkipQuestion) -> Done:
    """Leave the question without an answer. Raises DB006 with how it stands if that is newer."""

    def work(tx: Transaction) -> None:
        with showing_current(lambda: app.answers.state_of(tx, request.session_question_id)):
            app.answers.skip(tx, request)

    await app.database.write(work)
    return Done()
