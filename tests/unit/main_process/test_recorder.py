"""Sound is written as it comes, and what goes wrong with it is said."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from main_process import recorder, sound_files
from main_process.handlers import answers
from main_process.recorder import Recorder
from main_process.services import Services
from shared_contracts.answers import SaveAnswer
from shared_contracts.errors import AppError, NotFoundError, RecordingNotWrittenError
from shared_contracts.recordings import Piece, Recording
from tests import spoken, steps
from tests.spoken import by_id, bytes_of, pieces, sound_of


def samples(app: Services, recording: Recording) -> bytes:
    return app.recorder.files.wav(recording.id, 44, 1_000_000).data


def refuse(*_: object) -> None:
    raise PermissionError(errno.EACCES, "no")


def anew(app: Services) -> Recorder:
    """The recorder of the next run."""
    return Recorder(app.profile, app.database, app.recordings, app.events)


async def test_all_that_comes_is_in_the_file_in_order(app: Services) -> None:
    recording = await spoken.record(app, 12)
    assert samples(app, recording) == sound_of(pieces(recording.id, 12))
    assert (recording.state, recording.duration_ms) == ("transcribing", 2_400)
    assert (recording.problem, recording.kept) == (None, True)


async def test_sound_is_on_the_disk_while_it_goes_on(app: Services) -> None:
    session = await steps.start(app)
    recording_id = await app.recorder.start(session.questions[0].id)
    app.recorder.due.clear()
    app.recorder.take(pieces(recording_id, 1)[0])
    await asyncio.wait_for(app.recorder.due.wait(), 10)
    assert app.recorder.files.duration_ms(recording_id) == 200
    assert app.recorder.is_going_on(recording_id)
    await app.recorder.aclose()
    assert not app.recorder.is_going_on(recording_id)


async def test_what_comes_twice_is_written_once_and_what_is_missing_is_said(app: Services) -> None:
    session = await steps.start(app)
    recording_id = await app.recorder.start(session.questions[0].id)
    some = pieces(recording_id, 6)
    for number in (0, 1, 1, 0, 4, 5):
        app.recorder.take(some[number])
    await app.recorder.finish(recording_id, 7)
    recording = await by_id(app, recording_id)
    assert recording.problem
    assert (recording.problem.code, recording.problem.details) == ("MIC014", {"missing": 3})
    assert recording.duration_ms == 800


async def test_sound_for_nothing_that_goes_on_is_let_go(app: Services) -> None:
    app.recorder.take(Piece(uuid4(), 0, b"\0\0"))
    recording = await spoken.record(app, 1)
    app.recorder.take(pieces(recording.id, 1, first=1)[0])
    await app.recorder.finish(recording.id, 2)
    assert (await by_id(app, recording.id)).duration_ms == 200


async def test_one_is_recorded_at_a_time(app: Services) -> None:
    session = await steps.start(app, question_count=2)
    first = await app.recorder.start(session.questions[0].id)
    app.recorder.take(pieces(first, 1)[0])
    second = await app.recorder.start(session.questions[1].id)
    assert (await by_id(app, first)).state == "transcribing"
    assert (await by_id(app, second)).state == "recording"
    await app.recorder.aclose()


async def test_a_question_that_is_gone_has_no_recording_and_leaves_no_file(app: Services) -> None:
    with pytest.raises(NotFoundError):
        await app.recorder.start(uuid4())
    assert list(app.recorder.files.all()) == []


async def test_one_without_any_sound_says_so(app: Services) -> None:
    recording = await spoken.record(app, 0)
    assert recording.problem
    assert (recording.state, recording.problem.code) == ("failed", "AI008")


async def test_it_ends_by_itself_after_its_longest_time(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "MAX_BYTES", bytes_of(500))
    recording = await spoken.record(app, 4)
    assert recording.problem
    assert (recording.problem.code, recording.duration_ms) == ("MIC013", 500)
    await app.recorder.aclose()


def no_space(_: int, __: bytes) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_a_full_disk_is_said_and_what_was_written_stays(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await steps.start(app)
    recording_id = await app.recorder.start(session.questions[0].id)
    app.recorder.due.clear()
    some = pieces(recording_id, 2)
    app.recorder.take(some[0])
    await asyncio.wait_for(app.recorder.due.wait(), 10)
    monkeypatch.setattr(recorder, "append", no_space)
    app.recorder.due.clear()
    app.recorder.take(some[1])
    await asyncio.wait_for(app.recorder.due.wait(), 10)
    recording = await by_id(app, recording_id)
    assert recording.problem
    assert recording.problem.code == "MIC011"
    assert "No space left" in recording.problem.message
    assert recording.duration_ms == 200
    await app.recorder.aclose()


async def test_a_full_disk_is_said_also_when_the_last_piece_doesnt_fit(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await steps.start(app)
    recording_id = await app.recorder.start(session.questions[0].id)
    monkeypatch.setattr(recorder, "append", no_space)
    app.recorder.take(pieces(recording_id, 1)[0])
    await app.recorder.finish(recording_id, 1)
    problem = (await by_id(app, recording_id)).problem
    assert problem
    assert problem.code == "MIC011"
    await app.recorder.aclose()


async def test_a_disk_that_falls_behind_is_said(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "MAX_WAITING_BYTES", 10)
    problem = (await spoken.record(app, 2)).problem
    assert problem
    assert problem.code == "MIC011"
    await app.recorder.aclose()


async def test_no_file_no_recording(app: Services) -> None:
    session = await steps.start(app)
    app.recorder.files.path.write_text("in the way")
    with pytest.raises(RecordingNotWrittenError):
        await app.recorder.start(session.questions[0].id)


async def test_what_a_killed_run_left_is_kept_and_told(app: Services) -> None:
    session = await steps.start(app)
    recording_id = await app.recorder.start(session.questions[0].id)
    app.recorder.take(pieces(recording_id, 1)[0])
    await asyncio.wait_for(app.recorder.due.wait(), 10)
    await anew(app).mend()
    recording = await by_id(app, recording_id)
    assert recording.problem
    assert (recording.state, recording.problem.code) == ("transcribing", "MIC012")
    assert samples(app, recording) == sound_of(pieces(recording_id, 1))
    await app.recorder.aclose()


async def test_sound_that_no_row_wants_goes_at_the_next_start(app: Services) -> None:
    recording = await spoken.record(app)
    file = app.recorder.files.create(uuid4())
    os.close(file)
    await anew(app).mend()
    assert list(app.recorder.files.all()) == [recording.id]


async def test_a_recording_whose_file_is_lost_is_no_longer_kept(app: Services) -> None:
    recording = await spoken.record(app)
    app.recorder.files.delete(recording.id)
    await anew(app).mend()
    lost = await by_id(app, recording.id)
    assert lost.problem
    assert (lost.kept, lost.state, lost.problem.code) == (False, "failed", "AI014")


async def test_a_discarded_one_is_gone_whether_it_goes_on_or_not(app: Services) -> None:
    recording = await spoken.record(app)
    going_on = await app.recorder.start(recording.session_question_id)
    for recording_id in (recording.id, going_on):
        await app.recorder.discard(recording_id)
        with pytest.raises(NotFoundError):
            await by_id(app, recording_id)
    assert list(app.recorder.files.all()) == []


async def test_sound_is_deleted_at_once_when_it_was_listened_to(app: Services) -> None:
    recording = await spoken.record(app)
    await app.recorder.delete_sound(recording.id)
    assert list(app.recorder.files.all()) == [recording.id], "it is still to be listened to"
    await app.database.write(lambda tx: app.recordings.set_state(tx, recording.id, "ready"))
    await app.recorder.delete_sound(recording.id)
    assert list(app.recorder.files.all()) == []
    assert not (await by_id(app, recording.id)).kept


async def test_what_cant_be_deleted_is_said(app: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = await spoken.record(app)

    monkeypatch.setattr(sound_files.SoundFolder, "delete", refuse)
    with pytest.raises(RecordingNotWrittenError):
        await app.recorder.discard(recording.id)


async def test_an_answer_is_stored_and_the_app_starts_though_sound_cant_be_deleted(
    app: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = await spoken.record(app)
    await app.database.write(lambda tx: app.recordings.set_state(tx, recording.id, "ready"))
    monkeypatch.setattr(sound_files.SoundFolder, "delete", refuse)
    given = SaveAnswer(
        session_question_id=recording.session_question_id,
        text="Spoken.",
        elapsed_ms=0,
        recording_id=recording.id,
        keep_recording=False,
    )
    answer = await answers.save(app, given)
    assert answer.text == "Spoken."
    await app.recorder.mend()
    assert samples(app, recording)


@pytest.mark.parametrize(("days", "left"), [(1, 1), (0, 0)])
async def test_sound_goes_when_it_is_older_than_it_is_kept(
    app: Services, days: int, left: int
) -> None:
    recording = await spoken.record(app)
    await app.database.write(lambda tx: app.recordings.set_state(tx, recording.id, "ready"))
    await app.recorder.forget_outdated(days)
    assert len(list(app.recorder.files.all())) == left


async def test_a_recorder_that_is_closed_twice_does_nothing(app: Services) -> None:
    closing: Callable[[], Awaitable[None]] = app.recorder.aclose
    await closing()
    await closing()
    assert issubclass(RecordingNotWrittenError, AppError)


async def test_sound_that_a_database_set_aside_may_want_stays_with_it(app: Services) -> None:
    before, after = await spoken.record(app, 1), await spoken.record(app, 1)
    moment = before.created_at + (after.created_at - before.created_at) / 2
    aside = app.profile / f"interview-damaged-{moment:%Y-%m-%dT%H-%M-%S.%fZ}.db"
    aside.touch()
    await app.database.write(lambda tx: tx.execute("DELETE FROM recordings"))
    await anew(app).mend()
    assert list(app.recorder.files.all()) == [before.id]
    aside.unlink()
    await anew(app).mend()
    assert list(app.recorder.files.all()) == []
