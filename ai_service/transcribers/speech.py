"""Where somebody speaks in a part of a recording, where nobody does, and where to cut it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ai_service.transcribers import Samples
from shared_contracts.recordings import SAMPLE_RATE, Pause

PAUSE_MS = 500
"""A shorter silence belongs to speaking."""
LONGEST_MS = 25_000
"""Who speaks on for longer without a pause is cut where it is quietest: the model takes 30 s."""
_LOOK_BACK_MS = 5_000
_WINDOW_MS = 60
_PER_MS = SAMPLE_RATE // 1000


class Span(NamedTuple):
    """From when to when somebody speaks, in ms."""

    start_ms: int
    end_ms: int


def find_speech(samples: Samples) -> list[Span]:
    """Where somebody speaks, by Silero VAD."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        min_speech_duration_ms=80, min_silence_duration_ms=PAUSE_MS, speech_pad_ms=120
    )
    return [
        Span(int(found["start"]) // _PER_MS, int(found["end"]) // _PER_MS)
        for found in get_speech_timestamps(samples, options)
    ]


def cut(samples: Samples, speech: Sequence[Span], *, final: bool) -> int:
    """Up to where the part can be understood by itself, in ms; 0 when it has to wait for more."""
    length = len(samples) // _PER_MS
    if final:
        return length
    if not speech:
        return max(0, length - PAUSE_MS)
    if length - speech[-1].end_ms >= PAUSE_MS:
        return length - PAUSE_MS // 2
    if len(speech) > 1:
        return (speech[-2].end_ms + speech[-1].start_ms) // 2
    return _quietest(samples, length) if length >= LONGEST_MS else 0


def pauses(speech: Sequence[Span], end_ms: int) -> tuple[Pause, ...]:
    """Where nobody speaks for PAUSE_MS or more, up to `end_ms`.

    At the edges also for less: it may go on in the part before or after.
    """
    edges = [(0, 0), *speech, (end_ms, end_ms)]
    gaps = [(before[1], after[0]) for before, after in itertools.pairwise(edges)]
    last = len(gaps) - 1
    return tuple(
        Pause(start_ms=start, end_ms=end)
        for number, (start, end) in enumerate(gaps)
        if end - start >= PAUSE_MS or (number in {0, last} and end > start)
    )


def loudness_db(samples: Samples, speech: Sequence[Span]) -> float:
    """How loud the speech is: the mean power, in dB below full scale; -100 is nothing at all."""
    spoken = [samples[span.start_ms * _PER_MS : span.end_ms * _PER_MS] for span in speech]
    if not spoken:
        return -100.0
    power = float(np.mean(np.square(np.concatenate(spoken), dtype=np.float64)))
    return round(max(-100.0, 10 * math.log10(power)), 1) if power > 0 else -100.0


def _quietest(samples: Samples, length: int) -> int:
    """The middle of the quietest moment of the last seconds."""
    start = length - _LOOK_BACK_MS
    window = _WINDOW_MS * _PER_MS
    tail = samples[start * _PER_MS :]
    blocks = tail[: len(tail) // window * window].reshape(-1, window)
    quietest = int(np.argmin(np.square(blocks).sum(axis=1)))
    return start + quietest * _WINDOW_MS + _WINDOW_MS // 2
