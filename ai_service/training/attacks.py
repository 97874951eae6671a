"""Makes answers that must earn little from a question, its reference and others' answers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ai_service.text import STOP_WORDS, sentences, words

Kind = Literal[
    "empty",
    "dont_know",
    "copied",
    "restated",
    "off_topic",
    "other_question",
    "shuffled",
    "injection",
    "negated",
]

_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|should|must|will|would|may|might|has|have|does|do|did)\b"
    r"(?! not\b|n't)",
    re.IGNORECASE,
)
_NEGATED = re.compile(r"\b(is|are|can|does|do|should|must|will) ?(?:not|n't)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Texts:
    """The wordings of the attacks that need some; training and benchmark have each their own."""

    dont_know: tuple[str, ...]
    restated: tuple[str, ...]
    """`{question}` stands for the question as a part of a sentence."""
    off_topic: tuple[str, ...]
    injections: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A question and what is known of it."""

    question: str
    reference: str
    others: tuple[str, ...]
    """Right answers to other questions."""


def attacks(asked: Asked, texts: Texts, chance: random.Random) -> Iterator[tuple[Kind, str]]:
    """All attacks on one question."""
    yield "empty", ""
    yield "copied", asked.question
    for text in texts.dont_know:
        yield "dont_know", text
    for text in texts.restated:
        yield "restated", text.format(question=_as_part(asked.question))
    for text in texts.off_topic:
        yield "off_topic", text
    for text in asked.others:
        yield "other_question", text
    yield "shuffled", shuffled(asked.reference, chance)
    yield "shuffled", keywords(asked.reference, chance)
    for text in texts.injections:
        yield "injection", text.format(question=_as_part(asked.question))
    yield "negated", negated(asked.reference)


def shuffled(text: str, chance: random.Random) -> str:
    """The same words in any order."""
    parts = text.split()
    chance.shuffle(parts)
    return " ".join(parts)


def keywords(text: str, chance: random.Random) -> str:
    """The telling words alone, in any order."""
    parts = [word for word in dict.fromkeys(words(text)) if word not in STOP_WORDS]
    chance.shuffle(parts)
    return ", ".join(parts)


def negated(text: str) -> str:
    """Each sentence turned round: a 'not' more, or one less."""
    return " ".join(_turn(piece.text) for piece in sentences(text)) or text


def _turn(sentence: str) -> str:
    if _NEGATED.search(sentence):
        return _NEGATED.sub(lambda found: found[1], sentence, count=1)
    turned, count = _AUXILIARY.subn(lambda found: f"{found[1]} not", sentence, count=1)
    return turned if count else f"It is not true that {sentence[:1].lower()}{sentence[1:]}"


def _as_part(question: str) -> str:
    plain = " ".join(question.split()).rstrip("?!. ")
    return plain[:1].lower() + plain[1:]


def others_of(place: int, right: Sequence[Sequence[str]], count: int) -> tuple[str, ...]:
    """`count` right answers to the questions that follow, one of each."""
    near = [right[(place + step) % len(right)] for step in range(1, len(right))]
    return tuple(texts[place % len(texts)] for texts in near if texts)[:count]
