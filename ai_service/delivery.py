"""Counts what can be heard or seen of how an answer was given: words, pace, fillers, numbers, I and we."""

from __future__ import annotations

import re

from ai_service.text import sentences, words
from shared_contracts.evaluation import DeliveryFacts, Scores, Specificity

MILLISECONDS_PER_MINUTE = 60_000
SLOWEST_USUAL, FASTEST_USUAL = 124, 189
"""Words per minute: the middle 80 % of answers in real interviews. Source: MIT interview data set."""
USUAL_FILLERS = 3.5
"""um and uh in 100 words, the median of the same interviews."""
SHORTEST_TIMED_MS = 3_000
"""Below this a pace says nothing."""

_FILLER = re.compile(r"\b(?:u+h+m*|u+m+|e+r+m*|h+m+|you know|i mean|sort of|kind of)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"[$€£]?\b\d[\d.,:]*\b\s?(?:%|percent\b|k\b|ms\b|x\b)?|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|"
    r"fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand|million|half|twice|dozen)\b",
    re.IGNORECASE,
)
_SINGULAR = frozenset("i i'm i've i'd i'll my me mine myself".split())
_PLURAL = frozenset("we we're we've we'd we'll our ours us ourselves".split())
MOST_NUMBERS = 20


def facts(answer: str, duration_ms: int | None) -> DeliveryFacts:
    """Length, and of a spoken answer its pace and fillers."""
    count = len(words(answer))
    spoken = duration_ms is not None
    timed = duration_ms is not None and duration_ms >= SHORTEST_TIMED_MS
    return DeliveryFacts(
        words=count,
        sentences=len(sentences(answer)),
        words_per_minute=round(count * MILLISECONDS_PER_MINUTE / duration_ms, 1) if timed and duration_ms else None,
        fillers=len(_FILLER.findall(answer)) if spoken else None,
    )


def specificity(answer: str, *, outcome_stated: bool) -> Specificity:
    """How concrete the answer is, in things that can be counted."""
    said = [word.replace("’", "'") for word in words(answer)]
    found = dict.fromkeys(match[0].strip(" .,:") for match in _NUMBER.finditer(answer))
    return Specificity(
        numbers=tuple(found)[:MOST_NUMBERS],
        first_person_singular=sum(word in _SINGULAR for word in said),
        first_person_plural=sum(word in _PLURAL for word in said),
        outcome_stated=outcome_stated,
    )


def score(heard: DeliveryFacts) -> float | None:
    """Half for a usual pace, half for few fillers; None of a typed answer, which has no delivery."""
    if heard.words_per_minute is None or heard.fillers is None or not heard.words:
        return None
    pace = heard.words_per_minute
    beyond = max(SLOWEST_USUAL - pace, pace - FASTEST_USUAL, 0) / SLOWEST_USUAL
    fillers = max(0.0, 100 * heard.fillers / heard.words - USUAL_FILLERS) / (3 * USUAL_FILLERS)
    return max(0.0, 1 - beyond) / 2 + max(0.0, 1 - fillers) / 2


def scores(content: float | None, structure: float | None, heard: DeliveryFacts) -> Scores:
    """The three criteria together, rounded to what their precision is worth."""
    return Scores(content=_rounded(content), structure=_rounded(structure), delivery=_rounded(score(heard)))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(min(1.0, max(0.0, value)), 3)
