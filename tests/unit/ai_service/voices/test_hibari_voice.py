"""The real voice."""

from __future__ import annotations

import io
import sys
import wave

import pytest

from ai_service.voices.hibari_voice import HibariVoice
from shared_contracts.errors import VoiceMissingError


def test_a_text_is_read_aloud_the_same_each_time() -> None:
    voice = HibariVoice()
    said = voice.speak("Tell me about yourself.")
    assert voice.speak("Tell me about yourself.") == said
    with wave.open(io.BytesIO(said)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        assert 0.5 < file.getnframes() / 24_000 < 5


def test_without_it_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hibari", None)
    with pytest.raises(VoiceMissingError):
        HibariVoice()
