"""Finds, for each point a strong answer makes, the passage that makes it and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ai_service import polarity
from ai_service.coefficients import Floats, load
from ai_service.embeddings import Embedder, Vectors
from ai_service.text import (
    LONGEST_SENTENCE_WORDS,
    clauses,
    content_words,
    own_words,
    quote,
    sentences,
    words,
)
from shared_contracts.evaluation import Coverage, KeyPointResult, Quote

COVERED = 0.4
PARTLY = 0.25
"""Chances from which a point counts. Set on the half of the answers with known points that is for
that, tests/data/point_answers_tuning.toml; the other half shows how right they are."""
OPPOSITE = 0.05
"""The most for a passage that says the opposite of the point, or nothing of its own."""
DOUBTFUL = COVERED - 0.01
"""The most where one of the two is negated: it may be a point made in another way, or not."""
NO_OTHER = 0.2
"""Likeness of a passage to other points where there is only one."""
TIGHT = 0.85
"""Share of the best passage's strength that a part of it needs to be quoted in its place."""
LEAST_OWN_WORDS = 2
"""Words that a passage must add to the question's and to contentless ones to make a point."""
SMALLEST_REMAINDER = 0.4
MOST_WORDS = 600
"""Words of an answer that are compared: four minutes of speech, one to three seconds of work."""


@dataclass(frozen=True)
class Match:
    """The chance that one point is made, 0 to 1, and by which passage."""

    point: str
    strength: float
    passage: Quote

    @property
    def coverage(self) -> Coverage:
        """The chance in three words."""
        return (
            "covered"
            if self.strength >= COVERED
            else "partly"
            if self.strength >= PARTLY
            else "missing"
        )

    def result(self) -> KeyPointResult:
        """What the person is shown."""
        return KeyPointResult(
            key_point=self.point,
            coverage=self.coverage,
            similarity=self.strength,
            evidence=None if self.coverage == "missing" else self.passage,
        )


def match(
    embedder: Embedder, question: str, points: Sequence[str], answer: str, kept: Sequence[Quote]
) -> tuple[Match, ...]:
    """The best passage of the `kept` sentences for each point."""
    found = passages(answer, kept)
    if not found or not points:
        return tuple(Match(point, 0.0, Quote(start=0, end=0, text="")) for point in points)
    asked = content_words(question)
    chances = load().coverage.of(signs(embedder, question, points, found))
    # What says the opposite of the point it is nearest to makes no other one either.
    for place, nearest_point in enumerate(chances.argmax(axis=0).tolist()):
        if polarity.contradicts(points[nearest_point], found[place].text):
            chances[:, place] = np.minimum(chances[:, place], OPPOSITE)
    chances = np.minimum(chances, [_most(point, found, asked) for point in points])
    return tuple(
        _best(point, row, found) for point, row in zip(points, chances.tolist(), strict=True)
    )


SIGNS = ("likeness", "words", "margin", "length")


def signs(
    embedder: Embedder, question: str, points: Sequence[str], found: Sequence[Quote]
) -> Floats:
    """For each point and passage what speaks for the one making the other, in the order of SIGNS.

    Likeness in meaning, share of the point's words, how much more alike it is than the passage most
    like any other point, and the passage's length.
    """
    texts = [passage.text for passage in found]
    alike = _similarities(embedder, question, points, texts).astype(np.float64)
    shared = np.array([[word_share(point, text, question) for text in texts] for point in points])
    least = -1.0 if len(points) > 1 else NO_OTHER
    others = np.array(
        [np.delete(alike, row, axis=0).max(axis=0, initial=least) for row in range(len(points))]
    )
    length = np.broadcast_to(np.log1p([len(words(text)) for text in texts]), alike.shape)
    return np.stack([alike, shared, alike - others, length], axis=-1)


def _best(point: str, strengths: Sequence[float], found: Sequence[Quote]) -> Match:
    """The strongest passage, shown by the shortest part of it that does nearly as well."""
    best = max(range(len(found)), key=strengths.__getitem__)
    whole, strength = found[best], strengths[best]
    parts = [
        piece
        for piece, own in zip(found, strengths, strict=True)
        if _lies_in(piece, whole) and own >= TIGHT * strength
    ]
    shown = min(parts, key=lambda piece: piece.end - piece.start, default=whole)
    return Match(point, strength, shown)


def _most(point: str, found: Sequence[Quote], asked: frozenset[str]) -> list[float]:
    """The most strength that each passage can have, by its words alone."""
    opposed = [piece for piece in found if polarity.contradicts(point, piece.text)]

    def most(piece: Quote) -> float:
        says_nothing = len(own_words(piece.text, asked)) < LEAST_OWN_WORDS
        if says_nothing or any(_lies_in(part, piece) for part in opposed):
            return OPPOSITE
        return DOUBTFUL if polarity.differs(point, piece.text) else np.inf

    return list(map(most, found))


def _lies_in(part: Quote, whole: Quote) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def passages(answer: str, kept: Sequence[Quote]) -> list[Quote]:
    """Clauses, sentences and pairs of neighbours: shorter ones first, to keep evidence short."""
    pairs = [
        quote(answer, first.start, second.end)
        for first, second in pairwise(kept)
        if not answer[first.end : second.start].strip(" \t-*•0123456789.)(")
        and len(words(first.text)) + len(words(second.text)) <= LONGEST_SENTENCE_WORDS
    ]
    found = [*(clause for sentence in kept for clause in clauses(answer, sentence)), *kept, *pairs]
    return list({(piece.start, piece.end): piece for piece in found}.values())


def nearest(kept: Sequence[Quote], points: Sequence[str]) -> tuple[Quote, ...]:
    """The sentences to compare if there are too many: those sharing most words with the points."""
    wanted = content_words(" ".join(points))
    order = sorted(kept, key=lambda piece: -len(wanted & content_words(piece.text)))
    budget, chosen = MOST_WORDS, []
    for piece in order:
        budget -= len(words(piece.text))
        if budget < 0:
            break
        chosen.append(piece)
    return tuple(sorted(chosen, key=lambda piece: piece.start))


def points_of(reference: str) -> tuple[str, ...]:
    """The clauses of a reference answer, for questions that come without key points."""
    found = [clause.text for whole in sentences(reference) for clause in clauses(reference, whole)]
    return tuple(dict.fromkeys(found))[:12]


def demote(vectors: Vectors, question: Vectors) -> Vectors:
    """What the texts say beyond the question: its direction taken out of their vectors.

    What is left of a text that only repeats the question is small, and stays small.
    """
    rest = vectors - np.outer(vectors @ question, question)
    length = np.linalg.norm(rest, axis=1, keepdims=True)
    return np.asarray(rest / np.maximum(length, SMALLEST_REMAINDER), dtype=np.float32)


def _similarities(
    embedder: Embedder, question: str, points: Sequence[str], texts: Sequence[str]
) -> Vectors:
    asked = embedder.embed([question])[0]
    wanted, said = (demote(embedder.embed(each), asked) for each in (points, texts))
    return np.asarray(wanted @ said.T, dtype=np.float32)


def word_share(point: str, text: str, question: str) -> float:
    """Share of the point's words, those of the question left out, that the passage has."""
    wanted = content_words(point)
    wanted = (wanted - content_words(question)) or wanted
    return len(wanted & content_words(text)) / max(1, len(wanted))
