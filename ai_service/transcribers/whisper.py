"""Speech to text on this machine by faster-whisper."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ai_service.transcribers import Samples, fillers, speech
from shared_contracts.recordings import SAMPLE_RATE, HeardPart, Word

if TYPE_CHECKING:
    from faster_whisper import WhisperModel

_PER_MS = SAMPLE_RATE // 1000
_THREADS = 2
_SETTINGS: dict[str, Any] = {
    "language": "en",
    "beam_size": 1,
    "condition_on_previous_text": False,
    "word_timestamps": True,
    "temperature": (0.0, 0.4),
}


class Whisper:
    """A Whisper model in CTranslate2's format."""

    def __init__(self, folder: Path, name: str) -> None:
        """Reads the model: some tenths of a second."""
        self._name = name
        self._model = _load(folder)

    def hear(self, samples: Samples, *, final: bool) -> HeardPart:
        """As Transcriber says."""
        found = speech.find_speech(samples)
        end = speech.cut(samples, found, final=final)
        spoken = [
            speech.Span(span.start_ms, min(span.end_ms, end))
            for span in found
            if span.start_ms < end
        ]
        return HeardPart(
            consumed_ms=end,
            words=tuple(self._words(samples, spoken)) if spoken else (),
            pauses=speech.pauses(spoken, end),
            speech_ms=sum(span.end_ms - span.start_ms for span in spoken),
            loudness_db=speech.loudness_db(samples, spoken),
            model=self._name,
        )

    def _words(self, samples: Samples, spoken: list[speech.Span]) -> list[Word]:
        """What is said from the first of these to the last: in silence the model hears things."""
        start, end = spoken[0].start_ms, spoken[-1].end_ms
        clip = samples[start * _PER_MS : end * _PER_MS]
        heard = fillers.marked(self._read(clip, start))
        again = self._read(clip, start, initial_prompt=fillers.PROMPT, suppress_tokens=[])
        return fillers.merge(heard, fillers.marked(again))

    def _read(self, clip: Samples, start_ms: int, **settings: Any) -> Iterable[Word]:  # noqa: ANN401
        segments, _ = self._model.transcribe(clip, **(_SETTINGS | settings))
        for segment in segments:
            for word in segment.words or ():
                yield Word(
                    text=word.word.strip(),
                    start_ms=start_ms + round(word.start * 1000),
                    end_ms=start_ms + round(word.end * 1000),
                    probability=min(1.0, max(0.0, round(word.probability, 3))),
                )


def _load(folder: Path) -> WhisperModel:
    # It is imported there to fetch models by name, which we never do, and isn't installed.
    sys.modules.setdefault("huggingface_hub", ModuleType("huggingface_hub"))
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=_THREADS)
