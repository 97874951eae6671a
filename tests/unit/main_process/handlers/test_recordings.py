"""What a page can do with recordings."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.handlers import answers, recordings, settings
from main_process.services import Services
from shared_contracts.answers import SaveAnswer
from shared_contracts.errors import NotFoundError, SoundDeletedError, VoiceMissingError
from shared_contracts.recordings import (
    DeleteSound,
    DiscardRecording,
    GetRecording,
    ListRecordings,
    ReadSound,
    ReadVoice,
    Recording,
    Recordings,
    StartRecording,
    StopRecording,
)
from shared_contracts.settings import SaveSettings, VoiceSettings
from tests import spoken, steps
from tests.spoken import by_id, heard, pieces

TEN = ("I", "um", "wrote", "it", "down", "and", "um", "then", "I", "left")


async def ready(app: Services) -> Recording:
    """A recording in which something was heard."""
    recording = await spoken.record(app)
    await app.database.write(lambda tx: app.recordings.add_heard(tx, recording.id, 0, heard(*TEN)))
    await app.database.write(lambda tx: app.recordings.set_state(tx, recording.id, "ready"))
    return await by_id(app, recording.id)


def handed_in(recording: Recording, **fields: object) -> SaveAnswer:
    """The answer that was spoken."""
    defaults: dict[str, object] = {
        "session_question_id": recording.session_question_id,
        "text": "I wrote it down and then I left.",
        "elapsed_ms": 9_000,
        "recording_id": recording.id,
    }
    return SaveAnswer(**(defaults | fields))  # type: ignore[arg-type]


async def test_it_is_begun_ended_found_played_and_discarded(app: Services) -> None:
    session = await steps.start(app)
    asked = StartRecording(session_question_id=session.questions[0].id)
    begun = await recordings.start(app, asked)
    assert begun.state == "recording"
    app.recorder.take(pieces(begun.id, 1)[0])
    ended = await recordings.stop(app, StopRecording(recording_id=begun.id, pieces=1))
    assert (ended.state, ended.duration_ms) == ("transcribing", 200)
    again = await recordings.stop(app, StopRecording(recording_id=begun.id, pieces=1))
    assert again == ended
    assert await recordings.list_all(app, ListRecordings(session_id=session.id)) == (
        Recordings(items=(ended,))
    )
    sound = await recordings.sound(app, ReadSound(recording_id=begun.id, length=4))
    assert (sound.data, sound.total_bytes) == (b"RIFF", 44 + 6_400)
    await recordings.discard(app, DiscardRecording(recording_id=begun.id))
    with pytest.raises(NotFoundError):
        await recordings.get(app, GetRecording(recording_id=begun.id))


async def test_without_its_sound_the_transcript_is_still_there(app: Services) -> None:
    recording = await ready(app)
    left = await recordings.delete_sound(app, DeleteSound(recording_id=recording.id))
    assert (left.kept, left.transcript) == (False, recording.transcript)
    with pytest.raises(SoundDeletedError):
        await recordings.sound(app, ReadSound(recording_id=recording.id))


async def test_a_spoken_answer_holds_how_it_was_said(app: Services) -> None:
    recording = await ready(app)
    answer = await answers.save(app, handed_in(recording))
    assert answer.spoken
    assert (answer.spoken.recording_id, len(answer.spoken.fillers)) == (recording.id, 2)
    work = await app.database.write(app.evaluations.claim_next)
    assert work
    assert work.spoken == answer.spoken
    kept = await by_id(app, recording.id)
    assert (kept.answer_id, kept.kept) == (answer.id, True)


async def test_the_other_recordings_of_the_question_go_with_it(app: Services) -> None:
    recording = await ready(app)
    other = await app.recorder.start(recording.session_question_id)
    app.recorder.take(pieces(other, 1)[0])
    await app.recorder.finish(other, 1)
    await answers.save(app, handed_in(recording))
    assert list(app.recorder.files.all()) == [recording.id]


@pytest.mark.parametrize(
    ("setting", "choice", "kept"),
    [(True, None, True), (False, None, False), (True, False, False), (False, True, True)],
)
async def test_its_sound_is_kept_as_the_person_chooses(
    app: Services, *, setting: bool, choice: bool | None, kept: bool
) -> None:
    voice = VoiceSettings(keep_recordings=setting)
    await settings.save(app, SaveSettings(voice=voice))
    recording = await ready(app)
    await answers.save(app, handed_in(recording, keep_recording=choice))
    assert bool(list(app.recorder.files.all())) is kept


async def test_a_recording_of_another_question_is_refused(app: Services) -> None:
    recording = await ready(app)
    session = await steps.start(app)
    wrong = handed_in(recording, session_question_id=session.questions[0].id)
    with pytest.raises(NotFoundError):
        await answers.save(app, wrong)


async def test_without_a_service_there_is_no_voice(app: Services) -> None:
    session = await steps.start(app)
    asked = ReadVoice(session_question_id=session.questions[0].id)
    with pytest.raises(VoiceMissingError):
        await recordings.voice(app, asked)
    with pytest.raises(NotFoundError):
        await recordings.voice(app, ReadVoice(session_question_id=uuid4()))
