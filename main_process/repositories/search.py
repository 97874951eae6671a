"""Full-text search: what a person types becomes a query of FTS5, and its hits come in stable pages.

The best of the newest hits come first, then all others, the newest first: to rank every hit of a
word that is in half of all texts would take a second. The rank is BM25 without the weights of
words, since every hit has all of them. (FTS5's own `bm25()` counts the texts that hold each word
before it ranks one: 10 ms for 400,000.) So a rank depends on the text alone, and pages stay as they
are while other texts are added.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import msgspec

from main_process.database import Transaction
from main_process.repositories.cursors import Number, from_cursor, to_cursor
from main_process.repositories.marks import CLOSE, OPEN
from shared_contracts.contract import Count

MIN_PREFIX = 2
"""From so many letters on, the word being typed stands for all words that begin with it."""
_NEWEST = 2**63 - 1
_SATURATION, _LENGTH_WEIGHT = 1.2, 0.75
"""BM25's k1 and b. Source: Robertson and Zaragoza 2009, The Probabilistic Relevance Framework."""


@dataclass(frozen=True, slots=True)
class Words:
    """A full-text index: how many of the newest hits are ranked and counted, and how long a text
    mostly is.
    """

    table: str
    ranked: int
    usual_characters: int


QUESTION_WORDS = Words("question_words", ranked=1_000, usual_characters=100)
ANSWER_WORDS = Words("answer_words", ranked=500, usual_characters=900)


class Hit(NamedTuple):
    """A text's number in its index, and the text with marks around what matched."""

    number: int
    marked: str


class _Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """The last hit shown. Those from `low` to `top` are ranked; with `top` 0, all of them were
    shown, and the hits below `low` follow.
    """

    top: Number
    low: Number
    score: Number = 0
    number: Number = 0


class Found(NamedTuple):
    """A page of hits and the cursor of the next one; `total` only with the first page."""

    hits: Sequence[Hit]
    next: str | None
    total: Count | None = None


class _Ranked(NamedTuple):
    score: int
    hit: Hit


def to_query(text: str) -> str | None:
    """FTS5's query for the words and "phrases" of a text; None if there is no word in it.

    The last word, if nothing follows it, stands for words that begin with it. Only letters and
    digits get into the query, in quotes, so that nothing in it can be an operator.
    """
    parts = chain.from_iterable(
        [piece] if at % 2 else piece.split() for at, piece in enumerate(text.split('"'))
    )
    terms = [f'"{" ".join(words)}"' for words in map(_words, parts) if words]
    if not terms:
        return None
    *others, last = terms
    if _is_of_word(text[-1]) and len(_words(text)[-1]) >= MIN_PREFIX:
        last += "*"
    return " AND ".join([*dict.fromkeys(others), last])


def _words(text: str) -> list[str]:
    """Runs of letters, digits and their accents: the index may cut one in parts, never join two."""
    runs = "".join(one if _is_of_word(one) else " " for one in text).split()
    return [run for run in runs if any(not unicodedata.combining(one) for one in run)]


def _is_of_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


@dataclass(frozen=True, slots=True)
class Search:
    """A query of an index, within a transaction."""

    tx: Transaction
    words: Words
    query: str

    def page(self, limit: int, after: str | None) -> Found:
        """A page of hits. Raises ValidationFailedError (VAL001) for a broken cursor.

        What is added once the first page was read is in none of the following.
        """
        if after is None:
            return self._first_page(limit)
        place = from_cursor(after, _Place)
        newest = self._newest(place.low, place.top, self.words.ranked) if place.top else []
        return self._page(limit, place, newest)

    def _first_page(self, limit: int) -> Found:
        newest = self._newest(0, _NEWEST, self.words.ranked + 1)
        total = Count.up_to(len(newest), self.words.ranked)
        if not newest:
            return Found([], None, total)
        low = newest[self.words.ranked - 1].number if total.more else 0
        place = _Place(newest[0].number, low, score=_NEWEST)
        return self._page(limit, place, newest[: self.words.ranked])._replace(total=total)

    def _page(self, limit: int, place: _Place, newest: Sequence[Hit]) -> Found:
        """What follows the place: of the newest hits the best, then those below them."""
        ranked = self._ranked(newest, place)[: limit + 1]
        page = [hit for _, hit in ranked]
        if len(page) <= limit and place.low:
            page += self._newest(0, place.low - 1, limit + 1 - len(page))
        if len(page) <= limit:
            return Found(page, None)
        if len(ranked) < limit:
            return Found(page[:limit], to_cursor(_Place(0, page[limit - 1].number)))
        score, last = ranked[limit - 1]
        following = _Place(place.top, place.low, score, last.number)
        return Found(page[:limit], to_cursor(following))

    def _newest(self, low: int, top: int, limit: int) -> list[Hit]:
        table = self.words.table
        rows = self.tx.execute(
            f"SELECT rowid, highlight({table}, 0, ?, ?) FROM {table}"
            f" WHERE {table} MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
            (OPEN, CLOSE, self.query, low, top, limit),
        )
        return [Hit(*row) for row in rows]

    def _ranked(self, hits: Sequence[Hit], place: _Place) -> list[_Ranked]:
        """The hits after the place, the best first, the newest among equals."""
        ranked = [_Ranked(self._score(hit.marked), hit) for hit in hits]
        ranked.sort(key=lambda one: (one.score, one.hit.number), reverse=True)
        shown = (place.score, place.number)
        return [one for one in ranked if (one.score, one.hit.number) < shown]

    def _score(self, marked: str) -> int:
        """BM25, in millionths."""
        matches = marked.count(OPEN)
        length = (len(marked) - 2 * matches) / self.words.usual_characters
        damping = _SATURATION * (1 - _LENGTH_WEIGHT + _LENGTH_WEIGHT * length)
        return int(1_000_000 * matches * (_SATURATION + 1) / (matches + damping))
