"""Notices advice against a point: 'never use x' where x is advised, 'x is enough' where it is not.

Like `polarity` it looks at words, not at meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ai_service.lexicon import phrases, word_set
from ai_service.text import content_words, words

SAME_MATTER = 0.5
"""Share of the words of the shorter of two statements that they must have in common."""

_PARTS = re.compile(
    r"[,;:.!?](?=\s|$)|\s(?=(?:but|so|although|though|while|whereas|rather than|instead of)\s)"
)
_FOR, _AGAINST = phrases("advises_for"), phrases("advises_against")
_REFUSES = phrases("refuses")
_ONLY_NEEDED, _ALL = phrases("only_what_is_needed"), phrases("everything")
_HARM = word_set("harm") | word_set("soft_negations")
_NEGATION = re.compile(
    r"(?<!\w)(?:not|no|never|cannot|nor|neither|none|nothing|\w+n't|rather than|instead of)(?!\w)"
)


@dataclass(frozen=True)
class Advice:
    """What a part of a text speaks of, and whether it is for it (1), against it (-1) or neither."""

    about: frozenset[str]
    side: int
    plain: bool
    """It neither denies anything nor speaks of harm, so whoever expects it is for it."""
    denies: bool


@lru_cache(maxsize=4_000)
def read(text: str) -> tuple[Advice, ...]:
    """The advice in each part of the text."""
    plain = text.lower().replace("’", "'")
    return tuple(_advice(part) for part in _PARTS.split(plain) if words(part))


def opposes(expected: str, passage: str) -> bool:
    """Whether the passage advises against what is expected, or for what is not."""
    if _ONLY_NEEDED.search(expected.lower()) and _ALL.search(passage.lower()):
        return _is_limitless(expected, passage)
    pairs = [(point, said) for point in read(expected) for said in read(passage)]
    return any(_are_opposed(*pair) for pair in pairs)


def _are_opposed(point: Advice, said: Advice) -> bool:
    against = said.side < 0 and (point.side > 0 or point.plain)
    allows = said.side > 0 and (point.side < 0 or point.denies)
    return (against or allows) and _is_same_matter(point.about, said.about)


def _is_same_matter(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared > 0 and shared >= SAME_MATTER * min(len(one), len(other))


def _is_limitless(expected: str, passage: str) -> bool:
    """Whether the passage is for everything, where only what is needed is expected."""
    restrained = any(part.denies or part.side < 0 for part in read(passage))
    harmful = bool(set(words(passage)) & _HARM)
    return not (restrained or harmful) and bool(content_words(expected) & content_words(passage))


def _advice(part: str) -> Advice:
    refused = _REFUSES.search(part)
    judged = _AGAINST.search(part)
    praised = _FOR.search(part)
    denied = len(_NEGATION.findall(part)) % 2 == 1
    side, about = 0, part
    if refused:
        side, about = -1, part[refused.end() :]
    elif judged:
        side, about = (1 if denied else -1), _AGAINST.sub(" ", part)
    elif praised:
        side, about = (-1 if denied else 1), _FOR.sub(" ", part)
    return Advice(
        content_words(about),
        side,
        plain=side == 0 and not _NEGATION.search(part) and not set(words(part)) & _HARM,
        denies=side == 0 and denied,
    )
