"""Finds situation, task, action and result in an answer about something that was done."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ai_service.embeddings import Embedder, Vectors
from ai_service.lexicon import phrases, star_cues, star_prototypes
from ai_service.text import words
from shared_contracts.evaluation import Quote, StarPart, StarResult

FOUND = 0.5
CUE = 0.35
"""What a telling phrase adds to a sentence's likeness to the prototypes."""
PLACE = 0.22
"""What standing where the part is usually told adds at most."""
ACT = 0.25
"""What 'I' and a verb of doing adds to an action, and what it lacks without them."""
PAST = 0.1
"""What telling it as something that happened adds, and what it lacks otherwise."""
FIGURE = 0.1
"""What a number adds to a result."""
HALFWAY = 0.5
INTENT = 0.25
"""What 'I would' takes off: a plan is not an experience."""

PARTS: tuple[StarPart, ...] = ("situation", "task", "action", "result")

_CUES = {part: star_cues(part) for part in PARTS}
_PROTOTYPES = {part: star_prototypes(part) for part in PARTS}
_OWN_ACT = re.compile(
    r"\bI(?: \w+ly)? (?!(?:am|was|had to|have|think|would|could|know|believe|guess)\b)\w+",
    re.IGNORECASE,
)
_PAST = phrases("past")
_INTENT = phrases("intent")
_FIGURE = re.compile(r"\d|\b(?:half|twice|percent|zero|none|no)\b", re.IGNORECASE)
_USUAL_PLACE: dict[StarPart, float] = {
    "situation": 0.0,
    "task": 0.25,
    "action": 0.55,
    "result": 1.0,
}


def find(embedder: Embedder, sentences: Sequence[Quote]) -> tuple[StarResult, ...]:
    """The four parts in order, each with the sentence that tells it best; no sentence tells two."""
    if not sentences:
        return tuple(StarResult(part=part, found=False) for part in PARTS)
    strengths = np.stack([_strengths(embedder, part, sentences) for part in PARTS], axis=1)
    places = _assign(strengths)
    lengths = _lengths(places, sentences)
    return tuple(
        _result(part, place, sentences, length)
        for part, place, length in zip(PARTS, places, lengths, strict=True)
    )


def _strengths(embedder: Embedder, part: StarPart, sentences: Sequence[Quote]) -> Vectors:
    vectors = embedder.embed([sentence.text for sentence in sentences])
    alike = (vectors @ embedder.embed(_PROTOTYPES[part]).T).max(axis=1)
    told = [
        _told(part, sentence.text, place / max(1, len(sentences) - 1))
        for place, sentence in enumerate(sentences)
    ]
    return np.asarray(alike + np.array(told), dtype=np.float32)


def _told(part: StarPart, sentence: str, place: float) -> float:
    """What words and place (0 first, 1 last) say for the sentence being this part."""
    cue, happened = _CUES[part].search(sentence), _PAST.search(sentence)
    value = PLACE * (1 - 1.5 * abs(place - _USUAL_PLACE[part]))
    value += CUE if cue else 0
    value += PAST if happened else -PAST
    value -= INTENT if _INTENT.search(sentence) else 0
    if part == "action":
        value += ACT if _OWN_ACT.search(sentence) else -ACT
    if part == "result" and place > HALFWAY and _FIGURE.search(sentence):
        value += FIGURE
    return value


def _assign(strengths: Vectors) -> list[int | None]:
    """The sentence of each part, the surest first; None when no free one is strong enough."""
    places: list[int | None] = [None] * len(PARTS)
    free = strengths.copy()
    for _ in PARTS:
        sentence, part = np.unravel_index(int(free.argmax()), free.shape)
        if free[sentence, part] < FOUND:
            break
        places[int(part)] = int(sentence)
        free[sentence, :] = free[:, part] = -1
    return places


def _lengths(places: Sequence[int | None], sentences: Sequence[Quote]) -> list[int]:
    """Words of each part: a sentence belongs to the part that was begun last, or comes first."""
    begun = sorted((place, part) for part, place in enumerate(places) if place is not None)
    lengths = [0] * len(places)
    for number, sentence in enumerate(sentences):
        before = [part for place, part in begun if place <= number] or [p for _, p in begun[:1]]
        for part in before[-1:]:
            lengths[part] += len(words(sentence.text))
    return lengths


def _result(
    part: StarPart, place: int | None, sentences: Sequence[Quote], length: int
) -> StarResult:
    if place is None:
        return StarResult(part=part, found=False)
    cue = _CUES[part].search(sentences[place].text)
    return StarResult(
        part=part,
        found=True,
        evidence=sentences[place],
        cue=cue[0] if cue else "",
        words=length,
    )
