"""Measures an answer beside the expected one: what the trained score is made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ai_service import order, polarity
from ai_service.embeddings import Embedder, Vectors
from ai_service.key_points import demote, points_of, word_share
from ai_service.text import clauses, content_words, own_words, stem, words
from shared_contracts.evaluation import Quote

MOST_CHARACTERS = 800
"""Of a text as a whole; the model reads no more."""
GRAM = 4
"""Characters in a gram: parts of words, so that forms and misspellings of one word are alike."""
WORD_WEIGHT = 0.3
"""What shared words add to the likeness of a clause."""
MADE, PLAIN, RETOLD, ALIKE = (0.2, 0.66), (0.36, 0.66), (0.15, 0.65), (0.15, 0.75)
"""Likenesses worth nothing and everything: what is alike enough needs no more."""
ENOUGH_WORDS = 0.5
NO_LIKENESS = 0.2


@dataclass(frozen=True)
class Features:
    """Likeness in meaning (cosines), in words (shares), and signs of what is no answer.

    What is `beyond` has what both texts share with the question taken out.
    """

    whole: float
    """Cosine of answer and expected answer, each as one."""
    mean: float
    """Of the means of their clauses."""
    mean_beyond: float
    alike: float
    """The same, none below one limit and full above another."""
    made: float
    """How far the expected clauses are made, on the mean; `plain` of those plainly touched."""
    plain: float
    told: float
    """Like `made`, by meaning alone."""
    enough: float
    """Share of the expected words that the answer has, where half is enough."""
    recall_all: float
    """The same with the question's own words, and all needed."""
    grams: float
    """Cosine of the counts of runs of characters."""
    pairs: float
    """Share of the expected neighbouring words that are neighbours in the answer."""
    in_order: float
    """Of the answer's expected words, how many stand beside the right one."""
    length: float
    """Logarithm of the number of words."""
    own: float
    """Share of the answer's words that are neither the question's nor contentless."""
    disorder: float
    """Share of small words that stand where they can't."""
    small_words: float
    opposed: float
    """Share of the expected clauses whose nearest passage contradicts them, near ones more."""
    expects_list: float
    """1 if the expected answer is itself a list of terms."""


def measure(
    embedder: Embedder, question: str, expected: str, answer: str, kept: Sequence[Quote]
) -> Features | None:
    """The features of the `kept` sentences; None if there is nothing on one of the sides."""
    wanted = points_of(expected)
    if not kept or not wanted:
        return None
    said = " ".join(piece.text for piece in kept)
    short = [clause.text for sentence in kept for clause in clauses(answer, sentence)]
    runs = list(dict.fromkeys([*short, *(piece.text for piece in kept)]))
    return Features(
        whole=_whole(embedder, expected, said),
        **_meaning(embedder, question, wanted, short, runs),
        **_words(question, expected, said),
        **_signs(question, said),
        expects_list=float(order.is_list(expected)),
    )


def _whole(embedder: Embedder, expected: str, said: str) -> float:
    first, second = embedder.embed([expected[:MOST_CHARACTERS], said[:MOST_CHARACTERS]])
    return float(first @ second)


def _meaning(
    embedder: Embedder,
    question: str,
    wanted: Sequence[str],
    short: Sequence[str],
    runs: Sequence[str],
) -> dict[str, float]:
    asked = embedder.embed([question])[0]
    target, pieces, longer = (embedder.embed(each) for each in (wanted, short, runs))
    beyond, beyond_pieces, beyond_runs = (demote(each, asked) for each in (target, pieces, longer))
    near_beyond = beyond @ beyond_runs.T
    alike = _cosine(beyond.mean(axis=0), beyond_pieces.mean(axis=0))
    shared = np.array([[word_share(part, run, question) for run in runs] for part in wanted])
    made = (near_beyond + WORD_WEIGHT * shared).max(axis=1)
    return {
        "mean": _cosine(target.mean(axis=0), pieces.mean(axis=0)),
        "mean_beyond": alike,
        "alike": _share(np.array(alike), ALIKE),
        "made": _share(made, MADE),
        "plain": _share(made, PLAIN),
        "told": _share(near_beyond.max(axis=1), RETOLD),
        "opposed": _opposed(wanted, runs, target @ longer.T),
    }


def _opposed(wanted: Sequence[str], runs: Sequence[str], near: Vectors) -> float:
    nearest = [runs[int(place)] for place in near.argmax(axis=1)]
    weight = np.maximum(near.max(axis=1) - NO_LIKENESS, 1e-6)
    against = [polarity.contradicts(*pair) for pair in zip(wanted, nearest, strict=True)]
    return float(weight @ np.array(against) / weight.sum())


def _words(question: str, expected: str, said: str) -> dict[str, float]:
    wanted, found = content_words(expected), content_words(said)
    shared = len(wanted & found)
    together = len(_neighbours(expected) & _neighbours(said))
    return {
        "enough": min(1.0, word_share(expected, said, question) / ENOUGH_WORDS),
        "recall_all": shared / max(1, len(wanted)),
        "grams": _gram_cosine(expected, said),
        "pairs": together / max(1, len(_neighbours(expected))),
        "in_order": together / max(1, shared),
    }


def _signs(question: str, said: str) -> dict[str, float]:
    own = own_words(said, content_words(question))
    return {
        "length": math.log1p(len(words(said))),
        "own": len(own) / max(1, len(content_words(said))),
        "disorder": order.breach_share(said),
        "small_words": order.stop_word_share(said),
    }


def _neighbours(text: str) -> set[tuple[str, str]]:
    return set(pairwise(stem(word) for word in words(text)))


def _gram_cosine(one: str, other: str) -> float:
    first, second = _grams(one), _grams(other)
    product = sum(count * second[gram] for gram, count in first.items())
    lengths = math.hypot(*first.values()) * math.hypot(*second.values())
    return product / lengths if lengths else 0.0


def _grams(text: str) -> Counter[str]:
    plain = f" {' '.join(words(text))} "
    return Counter(plain[place : place + GRAM] for place in range(len(plain) - GRAM + 1))


def _cosine(one: Vectors, other: Vectors) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / max(1e-9, lengths)


def _share(values: Vectors, limits: tuple[float, float]) -> float:
    """The mean of the values, each as a share of the way between the limits."""
    least, full = limits
    return float(np.clip((values - least) / (full - least), 0, 1).mean())
