"""Fillers of the second look go where they were said; nothing else of it is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_service.transcribers.fillers import is_filler, marked, merge
from shared_contracts.recordings import Word


def said(text: str) -> list[Word]:
    return marked(
        Word(text=word, start_ms=100 * number, end_ms=100 * number + 90, probability=0.9)
        for number, word in enumerate(text.split())
    )


def texts(words: list[Word]) -> str:
    return " ".join(word.text for word in words)


@pytest.mark.parametrize("text", ["um", "Um,", "uhm", "uh...", "Er,", "erm", "hmm", "mm", "ah"])
def test_fillers_are_known(text: str) -> None:
    assert is_filler(text)


@pytest.mark.parametrize("text", ["", "I", "umbrella", "a", "her", "err-codes", "ham", "m", "like"])
def test_words_are_no_fillers(text: str) -> None:
    assert not is_filler(text)


@pytest.mark.parametrize(
    ("heard", "again", "merged"),
    [
        ("I wrote it.", "Um, I wrote, uh, it.", "Um, I uh, wrote it."),
        ("I wrote it.", "I um wrote it.", "I um wrote it."),
        ("I wrote it.", "I wrote it, um.", "I wrote it. um."),
        ("Um, I wrote it.", "um I wrote it", "Um, I wrote it."),
        ("I wrote it.", "You rode that.", "I wrote it."),
        ("", "uh uh", "uh uh"),
        ("I wrote it.", "", "I wrote it."),
    ],
)
def test_they_go_where_they_were_said(heard: str, again: str, merged: str) -> None:
    found = merge(said(heard), said(again))
    assert sorted(texts(found).lower().split()) == sorted(merged.lower().split())
    assert [w.text for w in found if not w.filler] == [w.text for w in said(heard) if not w.filler]


WORDS = st.lists(st.sampled_from(["um", "uh", "I", "wrote", "it"]), max_size=12).map(" ".join)


@given(WORDS, WORDS)
def test_nothing_that_was_heard_is_lost_and_nothing_but_fillers_comes(a: str, b: str) -> None:
    found = merge(said(a), said(b))
    plain = [word.text for word in found if not word.filler]
    assert plain == [word.text for word in said(a) if not word.filler]
    assert len(found) <= len(said(a)) + sum(word.filler for word in said(b))
