"""The interviewer's voice on this machine by hibari-tts."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING

import numpy as np

from shared_contracts.errors import VoiceMissingError

if TYPE_CHECKING:
    from hibari import Hibari

VOICE = "heart"
"""The one that is in the package; the others would be fetched."""
_SEED = 1
"""The same text sounds the same each time."""
_LOUDEST = 32_767


class HibariVoice:
    """American English."""

    def __init__(self) -> None:
        """Reads the voice. Raises VoiceMissingError (AI012)."""
        self._voice = _load()

    def speak(self, text: str) -> bytes:
        """As Voice says."""
        sound = np.clip(self._voice(text, seed=_SEED), -1.0, 1.0) * _LOUDEST
        file = io.BytesIO()
        with wave.open(file, "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(self._voice.sample_rate)
            written.writeframes(sound.astype("<i2").tobytes())
        return file.getvalue()


def _load() -> Hibari:
    try:
        from hibari import Hibari

        return Hibari(voice=VOICE)
    except (ImportError, OSError) as error:
        raise VoiceMissingError from error
