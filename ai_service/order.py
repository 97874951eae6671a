"""Tells sentences from heaps of words: whether small words stand where English puts them."""

from __future__ import annotations

from statistics import median

from ai_service.lexicon import word_set
from ai_service.text import STOP_WORDS, sentences, words

DISORDER_LIMIT = 0.1
"""Of the bank's 194 reference answers none is above 0.06; with words shuffled 98 % exceed it."""
LEAST_PLACES = 6
LEAST_BREACHES = 2
LIST_STOP_WORDS_LIMITS = {6: 0.12, 12: 0.22}
"""From so many words on, the share of stop words below which they are a list; prose has half."""
LIST_LEAST_FRAGMENTS = 6
LIST_STOP_WORDS, SHORT_LIST_STOP_WORDS, SHORT_LIST_WORDS = 0.28, 0.35, 5
"""Shares of stop words below which an expected answer is a list; a short one may have an 'and'."""
CODE_SHARE = 0.04

_END = "."
_PREPOSITIONS = word_set("prepositions")
_DETERMINERS = word_set("determiners")
_JOINING = word_set("joining")
_AUXILIARIES = word_set("auxiliaries")
_PRONOUNS = word_set("pronouns")
_SUBJECTS = frozenset({"i", "we", "they", "he", "she"})
_CODE_SIGNS = frozenset("{}()[]<>=;_*/")
_NEVER_AFTER_DETERMINER = frozenset({_END, "to", "in", "on", "if", "that"}).union(
    _DETERMINERS, _PREPOSITIONS, _JOINING, _AUXILIARIES, _PRONOUNS
)
_NEVER_AFTER_PREPOSITION = frozenset().union(
    _PREPOSITIONS - {"at"}, _AUXILIARIES, _JOINING, _SUBJECTS, {"if"}
)
_NEVER_AFTER = {
    **dict.fromkeys(_DETERMINERS, _NEVER_AFTER_DETERMINER),
    **dict.fromkeys(_PREPOSITIONS, _NEVER_AFTER_PREPOSITION),
    **dict.fromkeys(_JOINING, frozenset({_END, "and"})),
}


def disorder(text: str) -> float:
    """Share of small words followed by what can't follow them; 0 if there are too few to tell."""
    places, breaches = _breaches(text)
    return breaches / places if places >= LEAST_PLACES and breaches >= LEAST_BREACHES else 0.0


def breach_share(text: str) -> float:
    """The same where few words are enough; a first guess of one in twenty is mixed in."""
    places, breaches = _breaches(text)
    return (breaches + 0.1) / (places + 2)


def _breaches(text: str) -> tuple[int, int]:
    """How many small words there are, and how many stand where they can't."""
    pairs = [
        (word, after)
        for sentence in sentences(text)
        for word, after in _pairs(words(sentence.text))
        if word in _NEVER_AFTER
    ]
    breaches = sum(after in _NEVER_AFTER[word] for word, after in pairs)
    return len(pairs), breaches


def stop_word_share(text: str) -> float:
    """Share of words that only hold others together: about half in English prose, few in a list."""
    all_words = words(text)
    return sum(word in STOP_WORDS for word in all_words) / max(1, len(all_words))


def is_list(text: str) -> bool:
    """Whether a text is a list of terms, or a short one joined by 'and'."""
    share, short = stop_word_share(text), len(words(text)) <= SHORT_LIST_WORDS
    return share < (SHORT_LIST_STOP_WORDS if short else LIST_STOP_WORDS)


def is_heap_of_words(text: str) -> bool:
    """Whether `text` is a list of keywords or shuffled words: neither sentences nor code."""
    if disorder(text) > DISORDER_LIMIT:
        return True
    if sum(character in _CODE_SIGNS for character in text) > CODE_SHARE * len(text):
        return False
    count, share = len(words(text)), stop_word_share(text)
    few = any(count >= least and share < limit for least, limit in LIST_STOP_WORDS_LIMITS.items())
    return few or _is_chopped(text)


def _is_chopped(text: str) -> bool:
    """Whether it is mostly single words between commas or line ends."""
    fragments = [len(words(part)) for part in text.replace("\n", ",").replace(";", ",").split(",")]
    lengths = [length for length in fragments if length]
    return len(lengths) >= LIST_LEAST_FRAGMENTS and median(lengths) <= 1


def _pairs(sentence: list[str]) -> list[tuple[str, str]]:
    return list(zip(sentence, [*sentence[1:], _END], strict=True))
