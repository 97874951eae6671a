"""Cuts a text into sentences, clauses and words; places are counted in Unicode code points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from ai_service.lexicon import word_set
from shared_contracts.evaluation import Quote

LONGEST_SENTENCE_WORDS = 60
LONGEST_WORD_CHARACTERS = 60
SHORTEST_CLAUSE_WORDS = 4
SHORTEST_STEM = 3

_ENDINGS = (
    *("ations", "ation", "ingly", "ings", "ing", "edly"),
    *("ies", "ied", "es", "ed", "ly", "s", "e", "y"),
)

_WORD = re.compile(r"[^\W_]+(?:['’\-+#][^\W_]+|\+\+|#)*")
# A run is tried from its start alone, and given back never: else a long one takes quadratic time.
_SENTENCE_END = re.compile(
    r"(?<![.!?…؟۔।])[.!?…؟۔।]++[\"'”’)\]]*+(?=\s|$)|[。！？]+|\n+",
)
_CLAUSE_END = re.compile(
    r"[;:،؛](?=\s)|\s[–—-](?=\s)"
    r"|,(?=\s+(?:and|but|so|because|which|while|whereas|then|or|since|unless|until|if|when|where)\b)"
    r"|\s(?=(?:because|whereas|although|so that|which means)\s)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*(?:[-*•–]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)?", re.IGNORECASE)
_ABBREVIATIONS = word_set("abbreviations")
STOP_WORDS = word_set("stop")


def quote(text: str, start: int, end: int) -> Quote:
    """The passage from `start` to `end`, without the white space around it."""
    passage = text[start:end]
    start += len(passage) - len(passage.lstrip())
    passage = passage.strip()
    return Quote(start=start, end=start + len(passage), text=passage)


def words(text: str) -> list[str]:
    """The words in lower case, in order; numbers count, emoji and punctuation don't."""
    return _WORD.findall(text.lower())


@lru_cache(maxsize=4_000)
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning."""
    return frozenset(stem(word) for word in words(text) if word not in STOP_WORDS)


def own_words(text: str, asked: frozenset[str]) -> frozenset[str]:
    """Stems of the words that say something which the words `asked` don't."""
    return content_words(text) - asked - _VACUOUS


def stem(word: str) -> str:
    """The word without common English endings, so that 'indexes' and 'index' are alike."""
    word = word.replace("’", "'").removesuffix("'s")
    for ending in _ENDINGS:
        # 'speed' is no past of 'spe', nor 'process' a plural.
        if word.endswith(("eed", "ss")) and ending in {"ed", "s"}:
            continue
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def sentences(text: str) -> tuple[Quote, ...]:
    """The sentences, list items and lines that hold a letter or digit; overlong ones in pieces."""
    return tuple(piece for whole in _cut(text, _ends(text)) for piece in _short(text, whole))


def clauses(text: str, sentence: Quote) -> tuple[Quote, ...]:
    """The clauses of a sentence of `text`; the sentence itself if it has only one."""
    found: list[Quote] = []
    start = sentence.start
    for match in _CLAUSE_END.finditer(text, sentence.start, sentence.end):
        enough = len(words(text[start : match.end()])) >= SHORTEST_CLAUSE_WORDS
        if enough and len(words(text[match.end() : sentence.end])) >= SHORTEST_CLAUSE_WORDS:
            found.append(quote(text, start, match.start()))
            start = match.end()
    return (*found, quote(text, start, sentence.end))


def _ends(text: str) -> Iterator[int]:
    for match in _SENTENCE_END.finditer(text):
        if not (match[0] == "." and _is_abbreviation(text, match.start())):
            yield match.end()
    yield len(text)


def _is_abbreviation(text: str, dot: int) -> bool:
    """Whether the full stop at `dot` belongs to a word such as 'e.g.' or numbers a list item."""
    near = max(0, dot - 12)
    line = max(text.rfind("\n", near, dot) + 1, near)
    before = text[line:dot]
    word = before.rpartition(" ")[2].lower().lstrip("(\"'")
    if before.strip() == word and (word.isdecimal() or len(word) == 1):
        return True
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i")


def _cut(text: str, ends: Iterable[int]) -> Iterator[Quote]:
    start = 0
    for end in ends:
        marker = _MARKER.match(text, start, end)
        piece = quote(text, marker.end() if marker else start, end)
        if any(character.isalnum() for character in piece.text):
            yield piece
        start = end


def _short(text: str, whole: Quote) -> Iterator[Quote]:
    """`whole`, or pieces of it short enough for the model (people dictate without full stops)."""
    starts = [match.start() for match in _WORD.finditer(text, whole.start, whole.end)]
    longest = LONGEST_SENTENCE_WORDS * LONGEST_WORD_CHARACTERS
    if len(starts) <= LONGEST_SENTENCE_WORDS and len(whole.text) <= longest:
        yield whole
        return
    cuts = [whole.start, *starts[LONGEST_SENTENCE_WORDS::LONGEST_SENTENCE_WORDS], whole.end]
    for start, end in pairwise(cuts):
        for place in range(start, end, longest):
            yield quote(text, place, min(place + longest, end))


_VACUOUS = frozenset(stem(word) for word in word_set("vacuous"))
