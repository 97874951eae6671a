"""What hears and speaks is loaded when it is needed, and let go when it was idle."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest

from ai_service.speech_service import Lease, SpeechService
from ai_service.transcribers import Samples
from shared_contracts.errors import VoiceMissingError
from shared_contracts.recordings import HeardPart

SILENCE = np.zeros(1_600, np.float32)


class Ears:
    def hear(self, samples: Samples, *, final: bool) -> HeardPart:
        return HeardPart(consumed_ms=len(samples) // 16 if final else 0)


class Mouth:
    def speak(self, text: str) -> bytes:
        return text.encode()


async def test_each_is_made_once_and_used() -> None:
    made: list[str] = []

    def ears() -> Ears:
        made.append("ears")
        return Ears()

    service = SpeechService(ears, Mouth)
    assert not service.ears.is_held
    for _ in range(2):
        assert (await service.hear(SILENCE, final=True)).consumed_ms == 100
    assert made == ["ears"]
    assert await service.speak("Hello") == b"Hello"


async def test_what_was_idle_is_let_go_and_made_anew() -> None:
    lease = Lease("ears", Ears, idle_seconds=0)
    first = await lease.use(lambda ears: ears)
    turned = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, turned.set)
    await turned.wait()
    assert not lease.is_held
    assert await lease.use(lambda ears: ears) is not first


async def test_what_is_in_use_is_kept() -> None:
    lease = Lease("ears", Ears, idle_seconds=60)
    begun, go_on = threading.Event(), threading.Event()

    def work(_: Ears) -> None:
        begun.set()
        go_on.wait(10)

    using = asyncio.create_task(lease.use(work))
    await asyncio.to_thread(begun.wait, 10)
    lease.let_go()
    assert lease.is_held
    go_on.set()
    await using
    lease.let_go()
    assert not lease.is_held


async def test_what_cant_be_made_says_so_each_time() -> None:
    def no_voice() -> Mouth:
        raise VoiceMissingError

    service = SpeechService(Ears, no_voice)
    for _ in range(2):
        with pytest.raises(VoiceMissingError):
            await service.speak("Hello")
    assert not service.voice.is_held


async def test_the_real_ones_are_only_made_when_they_are_used() -> None:
    service = SpeechService.of()
    assert not service.ears.is_held
    assert not service.voice.is_held
    assert (await service.speak("Hello."))[:4] == b"RIFF"
    assert service.voice.is_held
