"""The routes of speech, over a real socket, with the real models."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from ai_service.embeddings import Embedder
from ai_service.evaluate import EvaluationService
from ai_service.speech_service import SpeechService
from ai_service.transcribers import Samples
from ai_service.voices.hibari_voice import HibariVoice
from shared_contracts.errors import SpeechModelMissingError
from shared_contracts.recordings import HeardPart
from tests.unit.ai_service.test_app import serve
from tests.unit.ai_service.test_sound import wav


class Ears:
    """Hears how much there is."""

    def hear(self, samples: Samples, *, final: bool) -> HeardPart:
        return HeardPart(consumed_ms=len(samples) // 16 if final else 0)


@pytest.fixture
async def client(embedder: Embedder) -> AsyncIterator[httpx.AsyncClient]:
    speech = SpeechService(Ears, HibariVoice)
    async for each in serve(EvaluationService(embedder, "1", speech)):
        yield each


async def test_a_part_of_a_recording(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/transcriptions?final=true", content=bytes(32_000))
    assert msgspec.json.decode(response.content, type=HeardPart).consumed_ms == 1_000
    response = await client.post("/v1/transcriptions?final=false", content=bytes(32_000))
    assert response.json()["consumed_ms"] == 0


async def test_a_wav_file(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "audio/wav"}
    sound = wav(48_000, 2, 2)
    response = await client.post("/v1/transcriptions", content=sound, headers=headers)
    assert abs(response.json()["consumed_ms"] - 1_000) < 20
    response = await client.post("/v1/transcriptions", content=b"RIFF", headers=headers)
    assert (response.status_code, response.json()["code"]) == (422, "AI013")


async def test_a_text_is_read_aloud(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/speech", json={"text": "Why do you want this job?"})
    assert response.headers["content-type"] == "audio/wav"
    assert response.content[:4] == b"RIFF"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"text": ""}', b'{"text": 1}'])
async def test_what_is_no_text_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/v1/speech", content=body)
    assert (response.status_code, response.json()["code"]) == (422, "VAL001")


async def test_without_a_model_its_code_is_answered(embedder: Embedder) -> None:
    def none() -> Ears:
        raise SpeechModelMissingError

    service = EvaluationService(embedder, "1", SpeechService(none, HibariVoice))
    async for client in serve(service):
        response = await client.post("/v1/transcriptions", content=bytes(320))
        assert (response.status_code, response.json()["code"]) == (503, "AI011")
