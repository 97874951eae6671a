"""Guesses whether a text is English, the only language the offline evaluator reads."""

from __future__ import annotations

from ai_service.lexicon import word_set
from ai_service.text import STOP_WORDS, words

LEAST_WORDS = 5
HALF = 0.5
LATIN_END = "\u0250"
"""The first letter beyond the Latin ones."""

_FOREIGN = word_set("foreign")


def is_foreign(text: str) -> bool:
    """Whether most of `text` seems to be in another language; not if it is too short to tell."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < LATIN_END for character in letters)
    if letters and latin / len(letters) < HALF:
        return True
    all_words = words(text)
    english = sum(word in STOP_WORDS for word in all_words)
    foreign = sum(word in _FOREIGN for word in all_words)
    return len(all_words) >= LEAST_WORDS and foreign > 1 and foreign > english
