"""`db:recordings:*` and `ai:voice:read`: what is spoken, and questions read aloud."""

from __future__ import annotations

import asyncio

from main_process.services import Services
from shared_contracts.health import Done
from shared_contracts.recordings import (
    DeleteSound,
    DiscardRecording,
    GetRecording,
    ListRecordings,
    ReadSound,
    ReadVoice,
    Recording,
    Recordings,
    Sound,
    StartRecording,
    StopRecording,
)


async def start(app: Services, request: StartRecording) -> Recording:
    """Begin a recording."""
    recording_id = await app.recorder.start(request.session_question_id)
    return await get(app, GetRecording(recording_id=recording_id))


async def stop(app: Services, request: StopRecording) -> Recording:
    """End it; one that has ended by itself stays as it is."""
    await app.recorder.finish(request.recording_id, request.pieces)
    return await get(app, GetRecording(recording_id=request.recording_id))


async def discard(app: Services, request: DiscardRecording) -> Done:
    """Delete it, its sound as well."""
    await app.recorder.discard(request.recording_id)
    return Done()


async def delete_sound(app: Services, request: DeleteSound) -> Recording:
    """Delete its sound."""
    await app.recorder.delete_sound(request.recording_id)
    return await get(app, GetRecording(recording_id=request.recording_id))


async def get(app: Services, request: GetRecording) -> Recording:
    """One, with what was heard so far."""
    return await app.database.read(lambda tx: app.recordings.by_id(tx, request.recording_id))


async def list_all(app: Services, request: ListRecordings) -> Recordings:
    """Those of an interview."""
    found = await app.database.read(lambda tx: app.recordings.of_session(tx, request.session_id))
    return Recordings(items=tuple(found))


async def sound(app: Services, request: ReadSound) -> Sound:
    """Bytes of its WAV file."""
    return await asyncio.to_thread(
        app.recorder.files.wav, request.recording_id, request.offset, request.length
    )


async def voice(app: Services, request: ReadVoice) -> Sound:
    """Bytes of the WAV file of a question that is read aloud."""
    question = request.session_question_id
    prompt = await app.database.read(lambda tx: app.sessions.prompt_of(tx, question))
    return await app.voice.read(prompt, request.offset, request.length)
