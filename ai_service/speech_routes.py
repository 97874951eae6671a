"""The routes of speech: what is said in sound, and text read aloud."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, post
from litestar.datastructures import State

from ai_service import sound
from ai_service.speech_service import SpeechService
from shared_contracts.errors import ValidationFailedError
from shared_contracts.recordings import HeardPart, SpeechRequest

_AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger(__name__)


@post("/v1/transcriptions", status_code=HTTPStatus.OK)
async def transcribe(request: _AnyRequest, state: State) -> HeardPart:
    """What is said in our own samples, or in a WAV file if the content type says so.

    `?final=false` when more of it follows.
    """
    service: SpeechService = state.speech
    started = time.perf_counter()
    body = await request.body()
    is_wav = request.content_type[0] == "audio/wav"
    samples = sound.from_wav(body) if is_wav else sound.from_pcm(body)
    heard = await service.hear(samples, final=request.query_params.get("final") != "false")
    log.info("heard", ms=round((time.perf_counter() - started) * 1000), sound_ms=heard.consumed_ms)
    return heard


@post("/v1/speech", status_code=HTTPStatus.OK)
async def speak(request: _AnyRequest, state: State) -> Response[bytes]:
    """A text read aloud."""
    service: SpeechService = state.speech
    try:
        asked = msgspec.json.decode(await request.body(), type=SpeechRequest)
    except msgspec.DecodeError as error:
        details = {"field": "text", "reason": "1 to 4000 characters are needed"}
        raise ValidationFailedError(details=details) from error
    return Response(await service.speak(asked.text), media_type="audio/wav")
