"""Finds, for each point a strong answer makes, the passage that makes it and how well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ai_service import polarity
from ai_service.embeddings import Embedder, Vectors
from ai_service.lexicon import word_set
from ai_service.text import (
    LONGEST_SENTENCE_WORDS,
    clauses,
    content_words,
    quote,
    sentences,
    stem,
    words,
)
from shared_contracts.evaluation import Coverage, KeyPointResult, Quote

COVERED = 0.5
PARTLY = 0.45
"""Strengths from which a point counts. Set by hand on 237 judged points of 42 answers to 18 bank
questions: of the points said to be covered nine in ten are (half made ones counted half), of those
made in full eight in ten are found; one in ten of those missing is taken for partly made."""
NO_CREDIT, PLAIN_CREDIT, FULL_CREDIT = 0.2, 0.36, 0.66
"""Strengths from which a point earns a little, is plainly touched, and earns all. Set on 28
questions' trial answers in tests/data/tuning_answers_*.toml; what is shown as made depends on
the two above only."""
LEAST_RETOLD, FULL_RETOLD = 0.15, 0.65
LEAST_LIKENESS, FULL_LIKENESS = 0.15, 0.75
"""Similarities to the reference answer worth nothing and everything, set on the same answers."""
WORD_WEIGHT = 0.3
"""What shared words add to the similarity of meaning."""
OPPOSITE = 0.2
"""The most for a passage that says the opposite of the point, or nothing of its own."""
DOUBTFUL = COVERED - 0.01
"""The most where just one of the two is negated: it may be a point made in another way, or not."""
TIGHT = 0.85
"""Share of the best passage's strength that a part of it needs to be quoted in its place."""
LEAST_OWN_WORDS = 2
"""Words that a passage must add to the question's and to contentless ones to make a point."""
SMALLEST_REMAINDER = 0.4
MOST_WORDS = 600
"""Words of an answer that are compared: four minutes of speech, one to three seconds of work."""


_VACUOUS = {stem(word) for word in word_set("vacuous")}


@dataclass(frozen=True)
class Match:
    """How strongly one point is made, 0 to about 1.3, and by which passage."""

    point: str
    strength: float
    passage: Quote

    @property
    def coverage(self) -> Coverage:
        """The strength in three words."""
        return (
            "covered"
            if self.strength >= COVERED
            else "partly"
            if self.strength >= PARTLY
            else "missing"
        )

    @property
    def credit(self) -> float:
        """The strength as a share of full marks: none below NO_CREDIT, all from FULL_CREDIT."""
        return _share(np.array([self.strength]), NO_CREDIT, FULL_CREDIT)

    @property
    def plain_credit(self) -> float:
        """The same, of points that are plainly touched: none below PLAIN_CREDIT."""
        return _share(np.array([self.strength]), PLAIN_CREDIT, FULL_CREDIT)

    def result(self) -> KeyPointResult:
        """What the person is shown."""
        return KeyPointResult(
            key_point=self.point,
            coverage=self.coverage,
            similarity=float(np.clip(self.strength, 0, 1)),
            evidence=None if self.coverage == "missing" else self.passage,
        )


def match(
    embedder: Embedder, question: str, points: Sequence[str], answer: str, kept: Sequence[Quote]
) -> tuple[Match, ...]:
    """The best passage of the `kept` sentences for each point."""
    found = passages(answer, kept)
    if not found or not points:
        return tuple(Match(point, 0.0, Quote(start=0, end=0, text="")) for point in points)
    texts = [passage.text for passage in found]
    asked = content_words(question)
    strengths = _similarities(embedder, question, points, texts)
    strengths += WORD_WEIGHT * np.array(
        [[_shared(point, text, asked) for text in texts] for point in points]
    )
    strengths = np.minimum(strengths, [_most(point, found, asked) for point in points])
    return tuple(
        _best(point, row, found) for point, row in zip(points, strengths.tolist(), strict=True)
    )


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


def _most(point: str, found: Sequence[Quote], asked: set[str]) -> list[float]:
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


def own_words(text: str, asked: set[str]) -> set[str]:
    """Stems of the words that say something which the question doesn't."""
    return content_words(text) - asked - _VACUOUS


def likeness(
    embedder: Embedder, question: str, reference: str, answer: str, kept: Sequence[Quote]
) -> float:
    """How much of the reference answer is retold, clause by clause and as a whole, 0 to 1.

    Key points are short and full of terms; the reference says the same in running speech, which is
    closer to how people answer. Clauses are looked for in whole sentences and pairs of them, since
    a short clause of an answer is easily like anything.
    """
    expected = points_of(reference)
    if not kept or not expected:
        return 0.0
    short = [clause.text for sentence in kept for clause in clauses(answer, sentence)]
    whole = {sentence.text for sentence in kept}
    long = [
        passage.text
        for passage in passages(answer, kept)
        if passage.text in whole or passage.text not in short
    ]
    asked = embedder.embed([question])[0]
    wanted, said, parts = (demote(embedder.embed(each), asked) for each in (expected, long, short))
    retold = _share((wanted @ said.T).max(axis=1), LEAST_RETOLD, FULL_RETOLD)
    alike = _share(_cosine(wanted.mean(axis=0), parts.mean(axis=0)), LEAST_LIKENESS, FULL_LIKENESS)
    return (retold + alike) / 2


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


def _cosine(one: Vectors, other: Vectors) -> Vectors:
    length = np.linalg.norm(one) * np.linalg.norm(other)
    return np.asarray(one @ other / max(1e-9, float(length)), dtype=np.float32)


def _share(values: Vectors, least: float, full: float) -> float:
    """The mean of the values, each as a share of the way from `least` to `full`."""
    return float(np.clip((values - least) / (full - least), 0, 1).mean())


def _shared(point: str, text: str, asked: set[str]) -> float:
    """Share of the point's words, those of the question left out, that the passage has."""
    wanted = content_words(point)
    wanted = (wanted - asked) or wanted
    return len(wanted & content_words(text)) / max(1, len(wanted))
