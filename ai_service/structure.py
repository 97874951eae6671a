"""Scores how an answer is built, from facts: order, signposts, sentences, examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ai_service.lexicon import phrases
from ai_service.text import words
from shared_contracts.evaluation import Quote

SHORTEST_READABLE, LONGEST_READABLE = 3, 35
"""Words of a sentence that can be followed at the first reading."""
ENOUGH_SIGNPOSTS = 3
ENOUGH_ORDERING = 2
LONG_ANSWER_SENTENCES = 9
"""From here on a reader looks for paragraphs, a list or ordering words."""
EARLY_SENTENCES = 2
WEIGHTS = {"early": 0.3, "signposts": 0.25, "readable": 0.25, "example": 0.1, "laid_out": 0.1}

_SIGNPOST = phrases("signpost")
_ORDERING = phrases("ordering")
_EXAMPLE = phrases("example")


@dataclass(frozen=True)
class Structure:
    """The facts, each 0 to 1."""

    early: float
    signposts: float
    readable: float
    example: float
    laid_out: float
    longest: Quote | None = None

    @property
    def score(self) -> float:
        """Their weighted mean, 0 to 1."""
        return sum(weight * float(getattr(self, name)) for name, weight in WEIGHTS.items())


def examine(answer: str, kept: Sequence[Quote], first_match: int | None) -> Structure | None:
    """The structure of the sentences that count; None if there are none.

    `first_match` is where the first thing asked for is said (code points), None if nowhere.
    """
    if not kept:
        return None
    said = "\n".join(sentence.text for sentence in kept)
    lengths = [len(words(sentence.text)) for sentence in kept]
    readable = [SHORTEST_READABLE <= length <= LONGEST_READABLE for length in lengths]
    longest = kept[max(range(len(kept)), key=lengths.__getitem__)]
    return Structure(
        early=_early(kept, first_match),
        signposts=min(
            1.0, len({match[0].lower() for match in _SIGNPOST.finditer(said)}) / _enough(kept)
        ),
        readable=sum(readable) / len(kept),
        example=float(bool(_EXAMPLE.search(said) or re.search(r"\d", said))),
        laid_out=float(
            len(kept) < LONG_ANSWER_SENTENCES or "\n" in answer.strip() or _is_ordered(said)
        ),
        longest=longest if max(lengths) > LONGEST_READABLE else None,
    )


def _enough(kept: Sequence[Quote]) -> int:
    """Signposts an answer needs: a short one needs fewer."""
    return min(ENOUGH_SIGNPOSTS, len(kept))


def _early(kept: Sequence[Quote], first_match: int | None) -> float:
    """1 if the point comes in the first sentences, falling to 0.3 at the end; 0 if never."""
    if first_match is None:
        return 0.0
    before = sum(sentence.end <= first_match for sentence in kept)
    late = max(0, before + 1 - EARLY_SENTENCES) / max(1, len(kept) - EARLY_SENTENCES)
    return 1 - 0.7 * late


def _is_ordered(said: str) -> bool:
    return len({match[0].lower() for match in _ORDERING.finditer(said)}) >= ENOUGH_ORDERING
