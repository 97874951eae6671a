"""Samples out of what is sent, or a plain refusal."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from ai_service import sound
from shared_contracts.errors import SoundUnreadableError


def wav(rate: int, channels: int, width: int, seconds: float = 1.0) -> bytes:
    """A tone."""
    times = np.arange(int(rate * seconds)) / rate
    tone = 0.5 * np.sin(2 * np.pi * 440 * times)
    bytewise = (128 + 127 * tone).astype(np.uint8)
    samples = bytewise if width == 1 else (32_767 * tone).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(channels)
        written.setsampwidth(width)
        written.setframerate(rate)
        written.writeframes(np.repeat(samples, channels).tobytes())
    return file.getvalue()


def test_our_own_samples() -> None:
    found = sound.from_pcm(b"\x00\x80\x00\x00\x00\x40")
    assert found.tolist() == [-1.0, 0.0, 0.5]
    with pytest.raises(SoundUnreadableError):
        sound.from_pcm(b"odd")


@pytest.mark.parametrize(
    ("rate", "channels", "width"), [(8_000, 1, 1), (48_000, 2, 2), (16_000, 1, 2)]
)
def test_wav_files_of_any_kind_become_16_khz_mono(rate: int, channels: int, width: int) -> None:
    samples = sound.from_wav(wav(rate, channels, width))
    assert abs(len(samples) - 16_000) < 200
    assert 0.2 < float(np.sqrt(np.mean(samples**2))) < 0.5


@pytest.mark.parametrize("data", [b"", b"RIFF", b"no sound at all" * 50, wav(16_000, 1, 2)[:30]])
def test_what_is_no_wav_file_is_said(data: bytes) -> None:
    with pytest.raises(SoundUnreadableError):
        sound.from_wav(data)


def test_over_30_minutes_is_said() -> None:
    with pytest.raises(SoundUnreadableError, match="30 minutes"):
        sound.from_wav(wav(100, 1, 1, seconds=1_801))
