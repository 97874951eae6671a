"""Chooses who judges an answer: an AI server, or this machine if there is none or it fails."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec
import structlog

from ai_service.embeddings import Embedder
from ai_service.evaluators.offline import OfflineEvaluator
from ai_service.merge import merge
from ai_service.speech_service import SpeechService
from shared_contracts.errors import AppError, LLMUnreachableError, ModelMissingError
from shared_contracts.evaluation import (
    AIHealth,
    Evaluation,
    EvaluationRequest,
    LLMServer,
    ServerAnswered,
)

if TYPE_CHECKING:
    from ai_service.evaluators import AnswerEvaluator

SILENCE_SECONDS = 120.0
"""How long a server is left alone that let its whole time pass: every answer in line would wait."""
PATIENCE_SHARE = 0.9
NO_SERVER = "Offline: no AI server is set up."
log = structlog.get_logger(__name__)


class EvaluationService:
    """Judges answers, and says how it is."""

    def __init__(
        self, embedder: Embedder, version: str, speech: SpeechService | None = None
    ) -> None:
        self.speech = speech or SpeechService.of()
        self._embedder = embedder
        self._version = version
        self._offline = OfflineEvaluator(embedder)
        self._silent_until: dict[str, float] = {}

    async def evaluate(self, request: EvaluationRequest) -> Evaluation:
        """Judges one answer. Raises ModelMissingError if model and AI server both fail."""
        if request.llm is None:
            own = await self._offline.evaluate(request)
            reason = request.offline_reason or NO_SERVER
            return msgspec.structs.replace(own, reason=reason, fallback=request.offline_error)
        return await self._evaluate_with(request, request.llm)

    async def _evaluate_with(self, request: EvaluationRequest, server: LLMServer) -> Evaluation:
        """The server's judgement held against our own, which also stands in if the server fails."""
        own = await self._judge_offline(request)
        try:
            theirs = await self._ask(request, server)
        except AppError as error:
            log.warning("evaluation fell back", code=error.code)
            return _fall_back(own, error)
        where = urlsplit(server.base_url).hostname or "the AI server"
        return msgspec.structs.replace(
            merge(request, theirs, own if isinstance(own, Evaluation) else None),
            reason=f"AI server: {server.model} at {where}.",
        )

    async def _ask(self, request: EvaluationRequest, server: LLMServer) -> Evaluation:
        """Ask the server, unless it kept us waiting in vain just now. Raises the AI codes."""
        clock = asyncio.get_running_loop().time
        started = clock()
        if started < self._silent_until.get(server.base_url, 0.0):
            raise LLMUnreachableError("The AI server did not answer a moment ago.")
        try:
            return await _connect(server).evaluate(request)
        except LLMUnreachableError:
            if clock() - started >= PATIENCE_SHARE * server.timeout_seconds:
                self._silent_until[server.base_url] = clock() + SILENCE_SECONDS
            raise

    async def _judge_offline(self, request: EvaluationRequest) -> Evaluation | ModelMissingError:
        try:
            return await self._offline.evaluate(request)
        except ModelMissingError as error:
            return error

    async def try_server(self, server: LLMServer) -> ServerAnswered:
        """See whether a server answers, also one that was silent just now. Raises the AI codes."""
        from ai_service.evaluators.server_test import try_server

        answered = await try_server(server)
        self._silent_until.pop(server.base_url, None)
        return answered

    def load(self) -> AIHealth:
        """Reads the model, if it isn't yet, and says whether it can be used. Blocks."""
        try:
            self._embedder.load()
        except ModelMissingError as error:
            return AIHealth(version=self._version, offline_evaluator=False, message=str(error))
        return AIHealth(version=self._version, offline_evaluator=True)


def _connect(server: LLMServer) -> AnswerEvaluator:
    # openai takes most of a second to import, and most people never need it.
    from ai_service.evaluators.openai_compatible import OpenAICompatibleEvaluator

    return OpenAICompatibleEvaluator(server)


def _fall_back(own: Evaluation | ModelMissingError, error: AppError) -> Evaluation:
    if isinstance(own, ModelMissingError):
        raise own from error
    why = error.message[:1].lower() + error.message[1:].rstrip(".")
    reason = f"Offline, because {why} ({error.code})."
    return msgspec.structs.replace(own, reason=reason, fallback=error.to_ipc())
