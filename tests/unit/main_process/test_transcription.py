"""Recordings are listened to part by part, and nothing of them is lost on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from main_process import transcription
from main_process.ai_client import AIClient
from main_process.services import Services
from shared_contracts.errors import (
    AIServiceUnavailableError,
    AppError,
    SpeechModelMissingError,
)
from shared_contracts.recordings import HeardPart, Recording
from tests import spoken, steps
from tests.spoken import by_id, bytes_of, heard, pieces


class Ears(AIClient):
    """Hears what it is told to hear, and remembers what it was sent."""

    def __init__(self, *answers: HeardPart | AppError) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked: list[tuple[int, bool]] = []
        self._ready.set()

    async def hear(self, pcm: bytes, *, final: bool) -> HeardPart:
        self.asked.append((len(pcm), final))
        answer = self.answers.pop(0) if self.answers else heard("and", "so", "on")
        if isinstance(answer, AppError):
            raise answer
        return answer


@pytest.fixture
async def workers() -> AsyncIterator[list[asyncio.Task[None]]]:
    running: list[asyncio.Task[None]] = []
    yield running
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


async def until_done(app: Services, recording_id: UUID) -> Recording:
    """The recording, once it is ready or has failed."""
    changed = asyncio.Event()
    unsubscribe = app.events.subscribe(lambda _: changed.set())
    async with asyncio.timeout(20):
        while (found := await by_id(app, recording_id)).state not in {"ready", "failed"}:
            await changed.wait()
            changed.clear()
    unsubscribe()
    return found


async def test_an_ended_one_is_heard_to_its_end(
    app: Services, workers: list[asyncio.Task[None]]
) -> None:
    ears = Ears(heard("I", "wrote", "it"))
    recording = await spoken.record(app)
    workers.append(asyncio.create_task(transcription.run(app, ears)))
    done = await until_done(app, recording.id)
    assert ears.asked == [(bytes_of(1_000), True)]
    assert done.transcript
    assert (done.state, done.transcript.text, done.problem) == ("ready", "I wrote it", None)


async def test_a_long_one_is_heard_part_by_part_from_where_the_last_part_ended(
    app: Services, workers: list[asyncio.Task[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcription, "PART_MS", 800)
    ears = Ears(heard("a", consumed_ms=700), heard("b", consumed_ms=300))
    recording = await spoken.record(app)
    workers.append(asyncio.create_task(transcription.run(app, ears)))
    done = await until_done(app, recording.id)
    assert ears.asked == [(bytes_of(800), False), (bytes_of(300), True)]
    assert done.transcript
    assert [word.start_ms for word in done.transcript.words] == [0, 700]


async def test_it_is_heard_while_it_goes_on(
    app: Services, workers: list[asyncio.Task[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcription, "LISTEN_MS", 400)
    ears = Ears(heard("early", consumed_ms=400))
    session = await steps.start(app)
    recording_id = await app.recorder.start(session.questions[0].id)
    told = asyncio.Event()
    app.events.subscribe(lambda _: told.set())
    workers.append(asyncio.create_task(transcription.run(app, ears)))
    for piece in pieces(recording_id, 2):
        app.recorder.take(piece)
    await asyncio.wait_for(told.wait(), 20)
    assert ears.asked == [(bytes_of(400), False)]
    early = await by_id(app, recording_id)
    assert early.transcript
    assert (early.state, early.transcript.text) == ("recording", "early")
    await app.recorder.finish(recording_id, 2)
    assert (await until_done(app, recording_id)).state == "ready"


async def test_a_service_that_goes_away_is_waited_for_a_few_times(
    app: Services, workers: list[asyncio.Task[None]]
) -> None:
    once = await spoken.record(app)
    ears = Ears(AIServiceUnavailableError(), heard("I", "wrote"))
    workers.append(asyncio.create_task(transcription.run(app, ears)))
    assert (await until_done(app, once.id)).state == "ready"
    ears.answers = [AIServiceUnavailableError() for _ in range(3)]
    failed = await until_done(app, (await spoken.record(app)).id)
    assert failed.problem
    assert (failed.state, failed.problem.code, failed.kept) == ("failed", "AI014", True)


async def test_without_a_model_it_says_so_and_the_sound_is_kept(
    app: Services, workers: list[asyncio.Task[None]]
) -> None:
    workers.append(asyncio.create_task(transcription.run(app, Ears(SpeechModelMissingError()))))
    failed = await until_done(app, (await spoken.record(app)).id)
    assert failed.problem
    assert (failed.state, failed.problem.code, failed.kept) == ("failed", "AI011", True)


async def test_what_isnt_kept_goes_once_it_was_heard(
    app: Services, workers: list[asyncio.Task[None]]
) -> None:
    recording = await spoken.record(app)
    await app.recorder.delete_sound(recording.id)
    workers.append(asyncio.create_task(transcription.run(app, Ears())))
    assert (await until_done(app, recording.id)).state == "ready"
    workers[0].cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    assert list(app.recorder.files.all()) == []


async def test_one_in_which_nothing_is_heard_is_ready_and_says_so(
    app: Services, workers: list[asyncio.Task[None]]
) -> None:
    ears = Ears(HeardPart(consumed_ms=1_000))
    workers.append(asyncio.create_task(transcription.run(app, ears)))
    silent = await until_done(app, (await spoken.record(app)).id)
    assert silent.problem
    assert (silent.state, silent.problem.code) == ("ready", "AI008")
