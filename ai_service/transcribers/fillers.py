"""Fillers: Whisper leaves them out, so a second look that is made to expect them finds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

from shared_contracts.recordings import Word

PROMPT = "Um, uh, so, er, I, um, you know, uh, erm, hmm, like, um."
"""Text in the manner in which the second look is to write."""
_FILLER = re.compile(r"(?:u+h*m+|u+h+|e+r+m*|a+h+|h+m+|m{2,}|mhm|eh)\Z")
_NO_LETTERS = re.compile(r"[^\w']+")


def is_filler(text: str) -> bool:
    """Whether a word only fills a pause."""
    return _FILLER.match(_plain(text)) is not None


def marked(words: Iterable[Word]) -> list[Word]:
    """The words, fillers marked."""
    return [msgspec.structs.replace(word, filler=is_filler(word.text)) for word in words]


def merge(heard: Sequence[Word], again: Sequence[Word]) -> list[Word]:
    """What was heard at first, with the fillers of the second look where they belong.

    Of the second look nothing else is taken: it also hears worse.
    """
    found: list[Word] = []
    first, second = ([_plain(word.text) for word in words] for words in (heard, again))
    for what, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        known = list(heard[a:b])
        if what in {"insert", "replace"} and not any(word.filler for word in known):
            known += [word for word in again[c:d] if word.filler]
        found += known
    return list(_in_order(found))


def _in_order(words: Sequence[Word]) -> Iterator[Word]:
    """The two looks put the same word at different times: a filler has to lie where it stands."""
    for number, word in enumerate(words):
        following = next((each for each in words[number + 1 :] if not each.filler), None)
        before = next((each for each in words[number::-1] if not each.filler), None)
        start = max(word.start_ms, before.start_ms if before else 0)
        if word.filler and following:
            start = min(start, following.start_ms)
        yield msgspec.structs.replace(word, start_ms=start, end_ms=max(start, word.end_ms))


def _plain(text: str) -> str:
    return _NO_LETTERS.sub("", text).lower()
