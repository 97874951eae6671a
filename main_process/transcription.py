"""Has recordings transcribed, part by part, while they are going on and after they ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from main_process import spoken
from main_process.ai_client import AIClient
from main_process.database import Transaction
from main_process.services import Services
from shared_contracts.errors import AIServiceUnavailableError, AppError, NotTranscribedError
from shared_contracts.recordings import HeardPart, Recording

LISTEN_MS = 10_000
"""So much new sound is worth to be listened to while more comes: a look at one second costs as much
as one at thirty.
"""
PART_MS = 28_000
"""The longest part that is sent; what understands speech looks at 30 seconds at a time."""
MAX_ATTEMPTS = 3
PAUSE_SECONDS = 5.0
"""How long it rests when the database can't be written."""
_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Attempts:
    """What is remembered of recordings until they are done."""

    listened_ms: dict[UUID, int] = field(default_factory=dict)
    """Up to where it was listened to in vain: for want of a pause."""
    failed: dict[UUID, int] = field(default_factory=dict)
    """How often the service went away over it."""


async def run(services: Services, ai: AIClient) -> None:
    """Work until cancelled; what was not listened to by then is at the next start."""
    attempts = _Attempts()
    while True:
        try:
            while True:
                await ai.wait_ready()
                services.recorder.due.clear()
                if not await _step(services, ai, attempts):
                    await services.recorder.due.wait()
        except AppError as error:
            _log.error("interrupted", code=error.code)
            services.metrics.failed("transcription", error.code)
            await asyncio.sleep(PAUSE_SECONDS)


async def _step(services: Services, ai: AIClient, attempts: _Attempts) -> bool:
    """Listen to one part. False when there is nothing to listen to."""
    # What has ended first: somebody waits for it.
    for recording in await services.database.read(
        lambda tx: services.recordings.in_state(tx, "transcribing", "recording")
    ):
        if await _listen(services, ai, attempts, recording):
            return True
    return False


async def _listen(
    services: Services, ai: AIClient, attempts: _Attempts, recording: Recording
) -> bool:
    """Listen to the next part of it. False when it has to wait for more."""
    start = await services.database.read(lambda tx: services.recordings.heard_ms(tx, recording.id))
    files = services.recorder.files
    total = await asyncio.to_thread(files.duration_ms, recording.id)
    ended = recording.state == "transcribing"
    if not ended and total - max(start, attempts.listened_ms.get(recording.id, 0)) < LISTEN_MS:
        return False
    end = min(total, start + PART_MS)
    final = ended and end == total
    if final and start >= total:
        await _finish(services, recording)
        return True
    try:
        pcm = await asyncio.to_thread(files.pcm, recording.id, start, end)
        part = await ai.hear(pcm, final=final)
    except AppError as error:
        await _give_up(services, attempts, recording, error)
        return True
    attempts.listened_ms[recording.id] = end
    if part.consumed_ms:
        await _keep(services, recording, start, part)
    if final:
        attempts.listened_ms.pop(recording.id, None)
        await _finish(services, recording)
    return True


async def _keep(services: Services, recording: Recording, start: int, part: HeardPart) -> None:
    await services.database.write(
        lambda tx: services.recordings.add_heard(tx, recording.id, start, part)
    )
    services.events.changed("recordings", [recording.id])


async def _finish(services: Services, recording: Recording) -> None:
    def work(tx: Transaction) -> bool:
        parts = [part for _, part in services.recordings.parts(tx, recording.id)]
        problem = spoken.problem_of(parts)
        told = problem.to_ipc() if problem else None
        services.recordings.set_state(tx, recording.id, "ready", told)
        return not recording.kept

    if await services.database.write(work):
        await services.recorder.tidy()
    services.events.changed("recordings", [recording.id])
    _log.info("transcribed", ms=recording.duration_ms)


async def _give_up(
    services: Services, attempts: _Attempts, recording: Recording, error: AppError
) -> None:
    """Leave it for later when the service went away, a few times; else say what is wrong."""
    services.metrics.failed("transcription", error.code)
    _log.warning("not transcribed", code=error.code)
    if isinstance(error, AIServiceUnavailableError):
        attempts.failed[recording.id] = attempts.failed.get(recording.id, 0) + 1
        if attempts.failed[recording.id] < MAX_ATTEMPTS:
            return
        error = NotTranscribedError()
    if services.recorder.is_going_on(recording.id):
        # It is said once the recording has ended; until then it is only not listened to.
        attempts.listened_ms[recording.id] = spoken.NEVER_MS
        return
    told = error.to_ipc()
    await services.database.write(
        lambda tx: services.recordings.set_state(tx, recording.id, "failed", told)
    )
    services.events.changed("recordings", [recording.id])
