"""Finds what must earn no score: nothing, the question again, orders to the grader, word heaps."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ai_service.lexicon import orders_to_grader, phrases, word_set
from ai_service.order import is_heap_of_words, stop_word_share
from ai_service.text import content_words, own_words, quote, sentences, stem, words
from shared_contracts.evaluation import Guard, Quote

CEILINGS: dict[Guard, float] = {
    "empty": 0.0,
    "restated": 0.1,
    "off_topic": 0.1,
    "keywords_only": 0.3,
}
"""The most that the content of such an answer can score. An injection has no ceiling of its own:
what is left without it is scored, and if nothing is left the answer counts as empty."""
TOO_SHORT_WORDS = 4
LIST_REFERENCE_STOP_WORDS = 0.25
REPEATED_SHARE = 0.85
QUESTION_SHARE = 0.5
LEAST_SAID = 5
"""Words from which a sentence must say something of its own; 'TCP does.' may be an answer."""

_INJECTION = orders_to_grader()
_NO_IDEA = phrases("no_idea")
_AROUND_NO_IDEA = {stem(word) for word in word_set("around_no_idea")}


@dataclass(frozen=True)
class Screening:
    """What of an answer counts (`kept`), the orders found in it, and the guards that hold."""

    kept: tuple[Quote, ...]
    injected: tuple[Quote, ...] = ()
    no_idea: bool = False
    guards: tuple[Guard, ...] = ()


def screen(question: str, answer: str, expected: str = "") -> Screening:
    """Looks at the words alone. `expected` is what a strong answer contains, '' if nobody knows."""
    pieces = sentences(answer)
    injected = orders_in(answer)
    orders = frozenset(injected)
    others = [piece for piece in pieces if piece not in orders and _has_letters(piece.text)]
    known = [piece for piece in others if not admits_no_idea(piece.text)]
    own = without_question(question, known)
    guards: list[Guard] = ["injection"] if injected else []
    if not known:
        guards.append("empty")
    elif not own:
        guards.append("restated")
    elif _is_heap(own, expected):
        guards.append("keywords_only")
    elif _is_too_short(own, expected):
        guards.append("too_short")
    return Screening(tuple(own), injected, bool(others) and not known, tuple(guards))


def ceiling(guards: Sequence[Guard]) -> float:
    """The most the content may score under these guards."""
    return min((CEILINGS.get(guard, 1.0) for guard in guards), default=1.0)


def admits_no_idea(sentence: str) -> bool:
    """Whether the sentence says 'I don't know' and nothing besides."""
    plain = _plain(sentence)
    if not _NO_IDEA.search(plain):
        return False
    return len(content_words(_NO_IDEA.sub(" ", plain)) - _AROUND_NO_IDEA) <= 1


def without_question(question: str, pieces: Sequence[Quote]) -> list[Quote]:
    """The sentences that do more than give the question, or a sentence of it, back.

    Nor do those count in which all words are the question's or contentless: 'An index is a thing.'
    """
    texts = (question, *(piece.text for piece in sentences(question)))
    asked = [content_words(text) for text in texts]
    all_words = f" {' '.join(words(question))} "
    everything = content_words(question)
    return [
        piece
        for piece in pieces
        if not _repeats(asked, all_words, piece.text)
        and (len(words(piece.text)) < LEAST_SAID or own_words(piece.text, everything))
    ]


def _repeats(asked: Sequence[frozenset[str]], all_words: str, sentence: str) -> bool:
    """Whether a sentence has most of what was asked, and little else."""
    said = content_words(sentence)
    if not said:
        return f" {' '.join(words(sentence))} " in all_words
    return any(
        len(part & said) >= max(REPEATED_SHARE * len(said), QUESTION_SHARE * len(part))
        for part in asked
    )


def orders_grader(text: str) -> bool:
    """Whether the text speaks to whoever grades it, asking for a score or a change of rules."""
    return bool(_INJECTION.search(_plain(text)))


def orders_in(answer: str) -> tuple[Quote, ...]:
    """The sentences that speak to whoever grades, also such as are cut in two."""
    pieces = sentences(answer)
    found = {piece for piece in pieces if orders_grader(piece.text)}
    for first, second in pairwise(pieces):
        alone = first not in found and second not in found
        if alone and orders_grader(quote(answer, first.start, second.end).text):
            found |= {first, second}
    return tuple(sorted(found, key=lambda piece: piece.start))


def _plain(text: str) -> str:
    """Without Unicode's disguises: look-alike forms, invisible characters, capitals."""
    visible = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    return " ".join("".join(visible).replace("’", "'").casefold().split())


def _has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _is_heap(own: Sequence[Quote], expected: str) -> bool:
    """Not if a strong answer is itself a list: then a list is an honest answer."""
    if expected and stop_word_share(expected) < LIST_REFERENCE_STOP_WORDS:
        return False
    return is_heap_of_words(" \n".join(piece.text for piece in own))


def _is_too_short(own: Sequence[Quote], expected: str) -> bool:
    said = sum(len(words(piece.text)) for piece in own)
    return said < TOO_SHORT_WORDS < len(words(expected))
