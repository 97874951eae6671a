"""Hears and speaks: loads what that takes when it is needed, and lets it go when it isn't."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from ai_service import models
from ai_service.memory import give_back
from ai_service.transcribers import Samples, Transcriber
from ai_service.voices import Voice
from shared_contracts.recordings import HeardPart

IDLE_SECONDS = 300.0
"""What nobody asked for this long gives its memory back."""
Held = TypeVar("Held")
Reply = TypeVar("Reply")
log = structlog.get_logger(__name__)


class SpeechService:
    """One part of a recording at a time, and one text."""

    def __init__(
        self,
        hear: Callable[[], Transcriber],
        speak: Callable[[], Voice],
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.ears = Lease("speech recognition", hear, idle_seconds)
        self.voice = Lease("voice", speak, idle_seconds)

    @classmethod
    def of(cls, own_model: Path | None = None) -> SpeechService:
        """With Whisper and Hibari."""

        def hear() -> Transcriber:
            from ai_service.transcribers.whisper import Whisper

            return Whisper(*models.find(own_model))

        def speak() -> Voice:
            from ai_service.voices.hibari_voice import HibariVoice

            return HibariVoice()

        return cls(hear, speak)

    async def hear(self, samples: Samples, *, final: bool) -> HeardPart:
        """What is said in a part of a recording. Raises SpeechModelMissingError (AI011)."""
        return await self.ears.use(lambda ears: ears.hear(samples, final=final))

    async def speak(self, text: str) -> bytes:
        """A WAV file. Raises VoiceMissingError (AI012)."""
        return await self.voice.use(lambda voice: voice.speak(text))


class Lease(Generic[Held]):
    """Something heavy, made when it is first used and let go when it was idle for a while."""

    def __init__(self, name: str, make: Callable[[], Held], idle_seconds: float) -> None:
        self._name = name
        self._make = make
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()
        self._held: Held | None = None
        self._letting_go: asyncio.TimerHandle | None = None

    @property
    def is_held(self) -> bool:
        """Whether it takes memory now."""
        return self._held is not None

    async def use(self, work: Callable[[Held], Reply]) -> Reply:
        """Do this with it in a thread, when it is its turn. Raises what making it raises."""
        async with self._turn:
            if self._letting_go:
                self._letting_go.cancel()
            try:
                return await asyncio.to_thread(self._do, work)
            finally:
                loop = asyncio.get_running_loop()
                self._letting_go = loop.call_later(self._idle_seconds, self.let_go)

    def let_go(self) -> None:
        """Give the memory back, unless it is in use."""
        if self._held is not None and not self._turn.locked():
            self._held = None
            log.info("let go", what=self._name)
            # In a thread: to look at all there is takes a moment.
            asyncio.get_running_loop().run_in_executor(None, give_back)

    def _do(self, work: Callable[[Held], Reply]) -> Reply:
        if self._held is None:
            self._held = self._make()
            log.info("loaded", what=self._name)
        return work(self._held)
