"""How an answer was said, and whether what was heard is good enough to say it."""

from __future__ import annotations

from collections.abc import Sequence

from shared_contracts.errors import (
    AppError,
    ErrorCode,
    NothingHeardError,
    SpeechUnclearError,
    TooQuietError,
)
from shared_contracts.recordings import (
    FASTEST_USUAL,
    SHORTEST_TIMED_MS,
    SLOWEST_USUAL,
    USUAL_FILLERS,
    Filler,
    HeardPart,
    Recording,
    SpokenFacts,
    Transcript,
    Usual,
)

MS_PER_MINUTE = 60_000
LEAST_SPEECH_MS = 300
QUIETEST_DB = -48.0
"""Speech that is quieter than this, in dB below full scale, is understood badly."""
LEAST_SURE = 0.5
"""The mean probability of its words that understood speech has."""
LONGEST_PAUSES = 5
NEVER_MS = 2**40
"""Further than any recording goes."""
_MIT = "MIT interview data set (Naim et al. 2018, 138 mock interviews)"
NORMS = (
    Usual(
        what="words_per_minute",
        low=SLOWEST_USUAL,
        high=FASTEST_USUAL,
        source=f"{_MIT}: the middle 80 %",
    ),
    Usual(
        what="fillers_per_100_words", high=USUAL_FILLERS, source=f"{_MIT}: the median of um and uh"
    ),
)
_UNJUDGED = {
    ErrorCode.NOTHING_HEARD,
    ErrorCode.TOO_QUIET,
    ErrorCode.SPEECH_UNCLEAR,
    ErrorCode.NOT_TRANSCRIBED,
    ErrorCode.SPEECH_MODEL_MISSING,
}


def problem_of(parts: Sequence[HeardPart]) -> AppError | None:
    """Why what was heard is not to be trusted; None if it is."""
    speech = sum(part.speech_ms for part in parts)
    sure = [word.probability for part in parts for word in part.words]
    if speech < LEAST_SPEECH_MS or not sure:
        return NothingHeardError()
    loudness = max(part.loudness_db for part in parts if part.speech_ms)
    if loudness < QUIETEST_DB:
        return TooQuietError(details={"loudness_db": round(loudness, 1)})
    if (mean := sum(sure) / len(sure)) < LEAST_SURE:
        return SpeechUnclearError(details={"probability": round(mean, 2)})
    return None


def facts_of(recording: Recording) -> SpokenFacts | None:
    """The facts of a recording; None if it isn't listened to yet, or was understood badly."""
    heard = recording.transcript
    unclear = recording.problem is not None and recording.problem.code in _UNJUDGED
    if recording.state != "ready" or unclear or heard is None or not heard.words:
        return None
    words = sum(not word.filler for word in heard.words)
    fillers = tuple(
        Filler(text=word.text, start_ms=word.start_ms) for word in heard.words if word.filler
    )
    minutes = _spoken_ms(heard) / MS_PER_MINUTE
    longest = sorted(heard.pauses, key=lambda pause: pause.start_ms - pause.end_ms)
    return SpokenFacts(
        recording_id=recording.id,
        duration_ms=recording.duration_ms,
        speech_ms=heard.speech_ms,
        speech_share=min(1.0, heard.speech_ms / max(1, recording.duration_ms)),
        words=words,
        words_per_minute=round(words / minutes, 1) if minutes else None,
        fillers=fillers,
        fillers_per_minute=round(len(fillers) / minutes, 1) if minutes else None,
        fillers_per_100_words=round(100 * len(fillers) / words, 1) if words else None,
        pauses=tuple(longest[:LONGEST_PAUSES]),
        norms=NORMS,
    )


def _spoken_ms(heard: Transcript) -> int:
    """From the first word to the last; 0 if that is too short for a pace."""
    span = heard.words[-1].end_ms - heard.words[0].start_ms
    return span if span >= SHORTEST_TIMED_MS else 0
