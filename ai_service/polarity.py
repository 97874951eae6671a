"""Notices when a passage says the opposite of what was expected: negations and opposite words.

It looks at words, not at meaning: 'is not sorted' against 'is sorted', 'slow' against 'fast'.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from ai_service import stance
from ai_service.lexicon import opposites, word_set
from ai_service.text import STOP_WORDS, stem

SCOPE_WORDS = 6
"""How many words a negation reaches, unless the statement ends before."""
WHOLE_SCOPE_WORDS = 15
"""The same of 'it is not true that'."""
SOFT_SCOPE_WORDS = 5
"""The same of 'replaces', 'avoids' and the like: what they do to a word is not for us to say."""
LEAST_TURNED = 0.3
"""Share of the common words said the other way round from which a passage contradicts."""
SAME_WORDS = 0.6
"""Share of common words from which two texts are taken for one, apart from negations."""

_TOKEN = re.compile(r"[^\W_]+(?:['’\-+#][^\W_]+|\+\+|#)*|[,;:.!?]")
_NEGATIONS = word_set("negations")
_SOFT = word_set("soft_negations")
_ENDS = word_set("scope_ends") | frozenset(",;:.!?")
_TRUE, _FALSE = frozenset({"true", "case", "correct"}), frozenset({"false", "untrue", "wrong"})
"""What 'that' follows when a whole statement is denied: 'not true that', 'wrong that'."""
_NOT_ONLY = frozenset(
    {"only", "just", "least", "until", "unless", "more", "less", "fewer", "later"}
)
"""'Not only' and the like deny nothing of what follows."""


def _opposites() -> dict[str, frozenset[tuple[int, bool]]]:
    """For each word, and its stem, the pairs it belongs to, and on which side."""
    found: dict[str, frozenset[tuple[int, bool]]] = {}
    for pair, (first, second) in enumerate(opposites()):
        for word in first | second:
            for form in (word, stem(word)):
                found[form] = found.get(form, frozenset()) | {(pair, word in first)}
    return found


_OPPOSITES = _opposites()


@dataclass(frozen=True)
class Statement:
    """The words of a text by whether they are affirmed (1), denied (-1) or it can't be told (0)."""

    said: dict[str, int]
    sides: dict[int, bool]
    """Of each pair of opposites that is touched on one side only: whether the first side holds."""
    negations: int
    soft_negations: int


@lru_cache(maxsize=4_000)
def read(text: str) -> Statement:
    """The text's words with their signs."""
    tokens = _TOKEN.findall(text.lower().replace("’", "'"))
    said: dict[str, int] = {}
    sides: dict[int, set[bool]] = {}
    reach = soft = negations = 0
    for token, after in zip_longest(tokens, tokens[1:], fillvalue=""):
        denied = reach > 0 and token in _TRUE
        if after == "that" and (denied or token in _FALSE):
            reach = WHOLE_SCOPE_WORDS
            negations += not denied
            continue
        if _is_negation(token) and after not in _NOT_ONLY:
            reach = SCOPE_WORDS
            negations += 1
            continue
        ends = token in _ENDS and reach < WHOLE_SCOPE_WORDS
        reach, soft = (0 if ends else max(0, left - 1) for left in (reach, soft))
        affirmed = reach == 0
        for pair, first in _OPPOSITES.get(token, _OPPOSITES.get(stem(token), frozenset())):
            sides.setdefault(pair, set()).add(first == affirmed)
        if token not in STOP_WORDS and token[0].isalnum():
            word = stem(token)
            sign = 0 if soft else 1 if affirmed else -1
            # Said both ways, it can't be told which of them counts.
            said[word] = sign if said.get(word, sign) == sign else 0
        if token in _SOFT:
            soft = SOFT_SCOPE_WORDS
    return Statement(
        said,
        {pair: next(iter(held)) for pair, held in sides.items() if len(held) == 1},
        negations,
        sum(token in _SOFT for token in tokens),
    )


def turned(expected: str, passage: str) -> float:
    """Share of what both speak of that the passage says the other way round, 0 to 1."""
    wanted, found = read(expected), read(passage)
    shared = wanted.said.keys() & found.said.keys()
    pairs = wanted.sides.keys() & found.sides.keys()
    # Where both deny something, what each denies stands in different places: 'no x', 'x is not'.
    both = wanted.negations and found.negations
    flips = 0 if both else sum(wanted.said[word] * found.said[word] < 0 for word in shared)
    opposite = sum(wanted.sides[pair] != found.sides[pair] for pair in pairs)
    if not shared:
        return 0.0
    return (flips + opposite) / (len(shared) + opposite)


def contradicts(expected: str, passage: str) -> bool:
    """Whether the passage plainly says the opposite of what is expected, or advises it."""
    return (
        turned(expected, passage) >= LEAST_TURNED
        or _is_same_but_negated(expected, passage)
        or stance.opposes(expected, passage)
    )


def _is_same_but_negated(expected: str, passage: str) -> bool:
    """Whether both use the same words, and just one an odd number of negations."""
    wanted, found = read(expected), read(passage)
    shared = len(wanted.said.keys() & found.said.keys())
    alike = shared >= SAME_WORDS * max(1, len(wanted.said), len(found.said))
    return alike and (wanted.negations + found.negations) % 2 == 1


def differs(expected: str, passage: str) -> bool:
    """Whether one of the two denies a word of the other, which holds not even a soft negation."""
    wanted, found = read(expected), read(passage)
    if bool(wanted.negations) == bool(found.negations) or not turned(expected, passage):
        return False
    other = found if wanted.negations else wanted
    return other.soft_negations == 0


def _is_negation(token: str) -> bool:
    return token in _NEGATIONS or token.endswith("n't")
