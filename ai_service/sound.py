"""Sound as it is sent, as samples: our own, or a WAV file of whatever kind."""

from __future__ import annotations

import io
import sys
import wave
from types import ModuleType

import numpy as np

from ai_service.transcribers import Samples
from shared_contracts.errors import SoundUnreadableError
from shared_contracts.recordings import MAX_RECORDING_MS, SAMPLE_RATE

_FULL_SCALE = 32_768.0


def from_pcm(pcm: bytes) -> Samples:
    """Samples of our own recordings. Raises SoundUnreadableError (AI013) for half a sample."""
    if len(pcm) % 2:
        raise SoundUnreadableError
    return np.frombuffer(pcm, "<i2").astype(np.float32) / _FULL_SCALE


def from_wav(data: bytes) -> Samples:
    """Samples of a WAV file, of any rate, width and number of channels.

    Raises SoundUnreadableError (AI013) when it is none, or over 30 minutes.
    """
    try:
        with wave.open(io.BytesIO(data)) as file:
            seconds = file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise SoundUnreadableError from error
    if seconds * 1000 > MAX_RECORDING_MS:
        raise SoundUnreadableError("The recording is longer than 30 minutes.")
    # It is imported there to fetch models by name, which we never do, and isn't installed.
    sys.modules.setdefault("huggingface_hub", ModuleType("huggingface_hub"))
    import av.error
    from faster_whisper.audio import decode_audio

    try:
        samples: Samples = decode_audio(io.BytesIO(data), sampling_rate=SAMPLE_RATE)
    except (av.error.FFmpegError, ValueError) as error:
        raise SoundUnreadableError from error
    return samples
