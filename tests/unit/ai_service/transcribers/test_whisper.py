"""The real model on the real voice: words with times, fillers, pauses."""

from __future__ import annotations

import numpy as np
import pytest

from ai_service import models, sound
from ai_service.transcribers import Samples
from ai_service.transcribers.whisper import Whisper
from ai_service.voices.hibari_voice import HibariVoice

SAID = "So, um, I was working on the billing system, and, uh, we had a problem."


@pytest.fixture(scope="module")
def ears() -> Whisper:
    return Whisper(*models.find(None))


@pytest.fixture(scope="module")
def spoken() -> Samples:
    return sound.from_wav(HibariVoice().speak(SAID))


def test_words_are_heard_with_their_times_and_fillers(ears: Whisper, spoken: Samples) -> None:
    heard = ears.hear(spoken, final=True)
    text = " ".join(word.text for word in heard.words).lower()
    assert "working on the" in text
    assert "billing system" in text
    assert [word.text.strip(",. ").lower() for word in heard.words if word.filler] == ["um", "uh"]
    starts = [word.start_ms for word in heard.words]
    assert starts == sorted(starts)
    assert heard.words[-1].end_ms <= len(spoken) // 16 + 100
    assert heard.consumed_ms == len(spoken) // 16
    assert heard.model == "whisper tiny.en"


def test_more_is_waited_for_until_there_is_a_pause(ears: Whisper, spoken: Samples) -> None:
    half = spoken[: len(spoken) // 4]
    assert ears.hear(half, final=False).words == ()
    quiet = np.concatenate([spoken, np.zeros(16_000, np.float32)])
    heard = ears.hear(quiet, final=False)
    assert heard.words
    assert heard.consumed_ms > len(spoken) // 16
    assert heard.pauses[-1].end_ms == heard.consumed_ms


def test_in_silence_nothing_is_heard(ears: Whisper) -> None:
    heard = ears.hear(np.zeros(48_000, np.float32), final=True)
    assert (heard.words, heard.speech_ms, heard.loudness_db) == ((), 0, -100.0)
