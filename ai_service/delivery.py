"""Counts how an answer was given: words, pace, fillers, numbers, I and we."""

from __future__ import annotations

import re

from ai_service.lexicon import phrases, word_set
from ai_service.text import sentences, words
from shared_contracts.evaluation import DeliveryFacts, Scores, Specificity
from shared_contracts.recordings import (
    FASTEST_USUAL,
    SHORTEST_TIMED_MS,
    SLOWEST_USUAL,
    USUAL_FILLERS,
    SpokenFacts,
)

MILLISECONDS_PER_MINUTE = 60_000

_FILLER = phrases("filler")
_NUMBER = re.compile(
    r"[$€£]?\b\d[\d.,:]*\b\s?(?:%|percent\b|k\b|ms\b|x\b)?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    r"fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand|million|half|twice|dozen)\b",
    re.IGNORECASE,
)
_SINGULAR = word_set("i")
_PLURAL = word_set("we")
_NAME = re.compile(
    r"(?<![.!?:\n\"“(*•-] )(?<!^)(?<=[^\W_] |, )\b[A-Z][\w&+#]+(?:[ -][A-Z][\w&+#]+)*"
)
MOST_NUMBERS = 20


def facts(answer: str, duration_ms: int | None, spoken: SpokenFacts | None = None) -> DeliveryFacts:
    """Length, and of a spoken answer its pace and fillers: as they were heard, if that is known."""
    count = len(words(answer))
    if spoken:
        return DeliveryFacts(
            words=count,
            sentences=len(sentences(answer)),
            words_per_minute=spoken.words_per_minute,
            fillers=len(spoken.fillers),
        )
    pace = None
    if duration_ms is not None and duration_ms >= SHORTEST_TIMED_MS:
        pace = round(count * MILLISECONDS_PER_MINUTE / duration_ms, 1)
    return DeliveryFacts(
        words=count,
        sentences=len(sentences(answer)),
        words_per_minute=pace,
        fillers=None if duration_ms is None else len(_FILLER.findall(answer)),
    )


def specificity(answer: str, *, outcome_stated: bool) -> Specificity:
    """How concrete the answer is, in things that can be counted."""
    said = [word.replace("’", "'") for word in words(answer)]
    found = dict.fromkeys(match[0].strip(" .,:") for match in _NUMBER.finditer(answer))
    return Specificity(
        numbers=tuple(found)[:MOST_NUMBERS],
        names=_names(answer),
        first_person_singular=sum(word in _SINGULAR for word in said),
        first_person_plural=sum(word in _PLURAL for word in said),
        outcome_stated=outcome_stated,
    )


def _names(answer: str) -> tuple[str, ...]:
    """Words with a capital that no sentence begins with: people, products, places, months."""
    found = dict.fromkeys(match[0] for match in _NAME.finditer(answer))
    return tuple(name for name in found if name.lower() not in _SINGULAR)[:MOST_NUMBERS]


def score(heard: DeliveryFacts) -> float | None:
    """Half for a usual pace, half for few fillers; None of a typed answer."""
    if heard.words_per_minute is None or heard.fillers is None or not heard.words:
        return None
    pace = heard.words_per_minute
    beyond = max(SLOWEST_USUAL - pace, pace - FASTEST_USUAL, 0) / SLOWEST_USUAL
    fillers = max(0.0, 100 * heard.fillers / heard.words - USUAL_FILLERS) / (3 * USUAL_FILLERS)
    return max(0.0, 1 - beyond) / 2 + max(0.0, 1 - fillers) / 2


def scores(content: float | None, structure: float | None, heard: DeliveryFacts) -> Scores:
    """The three criteria together, rounded to what their precision is worth."""
    return Scores(
        content=_rounded(content), structure=_rounded(structure), delivery=_rounded(score(heard))
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(min(1.0, max(0.0, value)), 3)
