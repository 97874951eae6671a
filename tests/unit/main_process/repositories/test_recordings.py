"""Rows of recordings, and the parts that were heard as one transcript."""

from __future__ import annotations

from uuid import uuid4

import pytest

from main_process.database import Transaction
from main_process.repositories.recordings import transcript_of
from main_process.services import Services
from shared_contracts.errors import NotFoundError
from shared_contracts.recordings import Pause
from tests import spoken
from tests.spoken import by_id, heard


async def test_parts_become_one_transcript_with_times_of_the_whole(app: Services) -> None:
    recording = await spoken.record(app)
    assert recording.transcript is None

    def work(tx: Transaction) -> int:
        app.recordings.add_heard(tx, recording.id, 0, heard("I", "um"))
        app.recordings.add_heard(tx, recording.id, 1_000, heard("wrote"))
        return app.recordings.heard_ms(tx, recording.id)

    assert await app.database.write(work) == 1_500
    transcript = (await by_id(app, recording.id)).transcript
    assert transcript
    assert transcript.text == "I um wrote"
    assert [word.start_ms for word in transcript.words] == [0, 500, 1_000]
    assert transcript.speech_ms == 1_200


def test_a_pause_over_the_end_of_a_part_is_one_pause() -> None:
    first = heard("a", "b", pauses=(Pause(start_ms=700, end_ms=1_000),))
    transcript = transcript_of([(0, first), (1_000, heard("c"))])
    assert transcript.pauses == (Pause(start_ms=700, end_ms=1_600),)


async def test_what_was_heard_of_a_recording_that_is_gone_is_let_go(app: Services) -> None:
    await app.database.write(lambda tx: app.recordings.add_heard(tx, uuid4(), 0, heard("a")))
    assert await app.database.read(lambda tx: app.recordings.heard_ms(tx, uuid4())) == 0


async def test_one_that_isnt_there_is_not_found(app: Services) -> None:
    with pytest.raises(NotFoundError):
        await by_id(app, uuid4())
    with pytest.raises(NotFoundError):
        await app.database.write(lambda tx: app.recordings.delete(tx, uuid4()))


async def test_a_problem_stays_when_there_is_no_other(app: Services) -> None:
    recording = await spoken.record(app, 0)
    await app.database.write(lambda tx: app.recordings.set_state(tx, recording.id, "ready"))
    kept = await by_id(app, recording.id)
    assert (kept.state, kept.problem) == ("ready", recording.problem)
