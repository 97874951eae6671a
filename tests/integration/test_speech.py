"""A spoken answer from its sound to its evaluation, through the real processes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from watchfiles import awatch

from ai_service import sound
from ai_service.voices.hibari_voice import HibariVoice
from main_process.ai_client import AIClient
from shared_contracts import channels
from shared_contracts.answers import SaveAnswer
from shared_contracts.framing import FrameKind, frame
from shared_contracts.recordings import (
    MAX_READ_BYTES,
    GetRecording,
    ListRecordings,
    Piece,
    ReadSound,
    ReadVoice,
    Recording,
    StartRecording,
    StopRecording,
    pack_piece,
)
from tests.integration.conftest import run_headless
from tests.integration.test_backend import all_judged, start
from tests.ipc_client import Client

SAID = (
    "So, um, an index makes reads quicker, since the rows that are wanted are found at once. "
    "Every write, uh, has to keep it up to date. That is why I measure before I add one."
)
PIECE_BYTES = 6_400


@pytest.fixture(scope="module")
def spoken() -> bytes:
    samples = sound.from_wav(HibariVoice().speak(SAID))
    return (samples * 32_767).astype("<i2").tobytes()


async def record(client: Client, question: UUID, pcm: bytes) -> Recording:
    """Speak, and stop."""
    asked = StartRecording(session_question_id=question)
    begun = await client.call(channels.RECORDING_START, asked)
    stop = StopRecording(recording_id=begun.id, pieces=send(client, begun.id, pcm))
    return await client.call(channels.RECORDING_STOP, stop)


def send(client: Client, recording_id: UUID, pcm: bytes) -> int:
    """Send the sound. Returns of how many pieces it was."""
    pieces = [pcm[at : at + PIECE_BYTES] for at in range(0, len(pcm), PIECE_BYTES)]
    for number, piece in enumerate(pieces):
        body = pack_piece(Piece(recording_id, number, piece))
        client.send_raw(frame(body, FrameKind.BINARY))
    return len(pieces)


async def until_heard(client: Client, recording_id: UUID) -> Recording:
    """The recording, once it has been listened to."""
    while True:
        client.events.clear()
        asked = GetRecording(recording_id=recording_id)
        found = await client.call(channels.RECORDING_GET, asked)
        if found.state in {"ready", "failed"}:
            return found
        await client.until_told("recordings")


async def test_it_is_heard_kept_and_judged_by_how_it_was_said(
    client: Client, real_ai: AIClient, spoken: bytes, profile: Path
) -> None:
    session = await client.call(channels.SESSION_START, start(1))
    question = session.questions[0].id
    stopped = await record(client, question, spoken)
    assert stopped.duration_ms == len(spoken) // 32
    heard = await until_heard(client, stopped.id)
    assert (heard.state, heard.problem) == ("ready", None)
    assert heard.transcript
    assert "makes reads quicker" in heard.transcript.text
    asked = ReadSound(recording_id=heard.id, offset=44, length=MAX_READ_BYTES)
    assert (await client.call(channels.SOUND_READ, asked)).data == spoken
    handed_in = SaveAnswer(
        session_question_id=question,
        text=heard.transcript.text,
        elapsed_ms=9_000,
        recording_id=heard.id,
        keep_recording=False,
    )
    answer = await client.call(channels.ANSWERS_SAVE, handed_in)
    assert answer.spoken
    assert {filler.text.strip(",.").lower() for filler in answer.spoken.fillers} == {"um", "uh"}
    judged = await client.until(session.id, all_judged)
    result = judged.questions[0].evaluations[0].result
    assert result.scores.delivery is not None
    assert result.delivery.words_per_minute == answer.spoken.words_per_minute
    assert result.delivery.fillers == 2
    assert not list((profile / "recordings").glob("*")), "the sound was not to be kept"


async def test_noise_and_silence_are_said_and_not_judged(client: Client, real_ai: AIClient) -> None:
    session = await client.call(channels.SESSION_START, start(1))
    noise = np.random.default_rng(1).normal(0, 1_000, 48_000).astype("<i2").tobytes()
    for pcm in (noise, bytes(96_000)):
        stopped = await record(client, session.questions[0].id, pcm)
        heard = await until_heard(client, stopped.id)
        assert heard.problem
        assert (heard.state, heard.problem.code) == ("ready", "AI008")


async def test_a_question_is_read_aloud_once(
    client: Client, real_ai: AIClient, profile: Path
) -> None:
    session = await client.call(channels.SESSION_START, start(1))
    asked = ReadVoice(session_question_id=session.questions[0].id)
    first = await client.call(channels.VOICE_READ, asked)
    assert first.data[:4] == b"RIFF"
    assert await client.call(channels.VOICE_READ, asked) == first
    assert len(list((profile / "voice").iterdir())) == 1


async def test_what_was_said_before_a_kill_is_there_at_the_next_start(
    profile: Path, spoken: bytes
) -> None:
    said = spoken[: 20 * PIECE_BYTES]
    async with run_headless(profile) as app, Client.connect(app.socket, app.token) as client:
        session = await client.call(channels.SESSION_START, start(1))
        asked = StartRecording(session_question_id=session.questions[0].id)
        begun = await client.call(channels.RECORDING_START, asked)
        send(client, begun.id, said)
        asked_for = ReadSound(recording_id=begun.id, offset=44)
        async with asyncio.timeout(20):
            async for _ in awatch(profile / "recordings", rust_timeout=200, yield_on_timeout=True):
                if (await client.call(channels.SOUND_READ, asked_for)).data == said:
                    break
        await app.kill()
    async with run_headless(profile) as app, Client.connect(app.socket, app.token) as client:
        listed = ListRecordings(session_id=session.id)
        (found,) = (await client.call(channels.RECORDING_LIST, listed)).items
        assert found.problem
        assert (found.problem.code, found.duration_ms) == ("MIC012", len(said) // 32)
        assert (await client.call(channels.SOUND_READ, asked_for)).data == said
