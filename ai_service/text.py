"""Cuts a text into sentences, clauses and words, each with its place in the text (Unicode code points)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shared_contracts.evaluation import Quote

LONGEST_SENTENCE_WORDS = 60
LONGEST_WORD_CHARACTERS = 60
SHORTEST_CLAUSE_WORDS = 4

_WORD = re.compile(r"[^\W_]+(?:['’\-+#][^\W_]+|\+\+|#)*")
_SENTENCE_END = re.compile(r"[.!?…؟۔।]+[\"'”’)\]]*(?=\s|$)|[。！？]+|\n+")
_CLAUSE_END = re.compile(
    r"[;:،؛](?=\s)|\s[–—-](?=\s)"
    r"|,(?=\s+(?:and|but|so|because|which|while|whereas|then|or|since|unless|until|if|when|where)\b)"
    r"|\s(?=(?:because|whereas|although|so that|which means)\s)",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\s*(?:[-*•–]\s+|\(?\d{1,2}[.)]\s+|\(?[a-z][.)]\s+)?", re.IGNORECASE)
_ABBREVIATIONS = frozenset(
    "e.g i.e eg ie etc vs mr mrs ms dr prof st jr sr inc ltd co no fig approx ca cf al dept est".split()
)
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below
    between both but by can could did do does doing done down during each else even ever few for from further
    get gets give had has have having he her here hers him his how i if in into is it its itself just let like
    lot made make makes many may me might more most much must my no nor not now of off on once one only or
    other our ours out over own per put really same shall she should since so some such take than that the
    their theirs them then there these they thing things this those through to too two under until up upon us
    use used uses using very via was way we well were what when where whether which while who whom whose why
    will with within without would yes you your yours i'm it's don't that's""".split()
)


def quote(text: str, start: int, end: int) -> Quote:
    """The passage from `start` to `end`, without the white space around it."""
    passage = text[start:end]
    start += len(passage) - len(passage.lstrip())
    passage = passage.strip()
    return Quote(start=start, end=start + len(passage), text=passage)


def words(text: str) -> list[str]:
    """The words in lower case, in order; numbers count, emoji and punctuation don't."""
    return _WORD.findall(text.lower())


def content_words(text: str) -> set[str]:
    """Stems of the words that carry meaning."""
    return {stem(word) for word in words(text) if word not in STOP_WORDS}


def stem(word: str) -> str:
    """The word without common English endings: enough to see that 'indexes' and 'index' are alike."""
    word = word.replace("’", "'").removesuffix("'s")
    for ending, least in (("ations", 4), ("ation", 4), ("ingly", 4), ("ings", 4), ("ing", 4), ("edly", 4)):
        if word.endswith(ending) and len(word) - len(ending) >= least - 1:
            return word.removesuffix(ending)
    for ending in ("ies", "ied", "es", "ed", "ly", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def sentences(text: str) -> tuple[Quote, ...]:
    """The sentences, list items and lines that hold a letter or digit; overlong ones cut in pieces."""
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
    """Whether the full stop at `dot` belongs to a word such as 'e.g.' or to the number of a list item."""
    line = max(text.rfind("\n", 0, dot) + 1, dot - 12)
    before = text[line:dot]
    word = before.rpartition(" ")[2].lower().lstrip("(\"'")
    if before.strip() == word and (word.isdecimal() or len(word) == 1):
        return True
    return word in _ABBREVIATIONS or word in _MONTHS or (len(word) == 1 and word.isalpha() and word != "i")


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
    for start, end in zip(cuts, cuts[1:], strict=False):
        for place in range(start, end, longest):
            yield quote(text, place, min(place + longest, end))
