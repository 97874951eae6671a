"""Sentences, clauses and words, and their places in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_service.text import (
    LONGEST_SENTENCE_WORDS,
    clauses,
    content_words,
    quote,
    sentences,
    stem,
    words,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Use a cache, e.g. Redis. It helps.", ["Use a cache, e.g. Redis.", "It helps."]),
        ("Version 3.5 is fast.", ["Version 3.5 is fast."]),
        ("1. Measure first\n2) Then change it", ["Measure first", "Then change it"]),
        ("- a list item\n* another", ["a list item", "another"]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
        ("🎉🎉\nDone 🎉. Next", ["Done 🎉.", "Next"]),
        ("مرحبا كيف حالك؟ نعم.", ["مرحبا كيف حالك؟", "نعم."]),
        ("終わりました。次です。", ["終わりました。", "次です。"]),
        ("... !!! \n", []),
    ],
)
def test_text_is_cut_into_sentences(text: str, expected: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == expected


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_sentences_are_exact_passages_in_order(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert sentence.text == text[sentence.start : sentence.end]
        assert sentence.text.strip()
        assert sentence.start >= end
        end = sentence.end


@given(st.text(alphabet="ab ,;.:\n", min_size=1, max_size=200))
def test_clauses_are_exact_passages_of_their_sentence(text: str) -> None:
    for sentence in sentences(text):
        for clause in clauses(text, sentence):
            assert clause.text == text[clause.start : clause.end]
            assert sentence.start <= clause.start <= clause.end <= sentence.end


def test_a_sentence_is_cut_at_its_joints_but_not_into_crumbs() -> None:
    text = "An index makes reading a lot quicker, but it makes every write slower; well, yes."
    parts = [clause.text for clause in clauses(text, sentences(text)[0])]
    assert parts[0] == "An index makes reading a lot quicker"
    assert all(len(words(part)) >= 4 for part in parts)


def test_dictation_without_full_stops_is_cut_into_readable_pieces() -> None:
    text = "word " * 500
    lengths = [len(words(sentence.text)) for sentence in sentences(text)]
    assert sum(lengths) == 500
    assert max(lengths) <= LONGEST_SENTENCE_WORDS


def test_one_endless_word_is_cut_too() -> None:
    assert len(sentences("a" * 100_000)) > 10


def test_words_are_letters_and_digits() -> None:
    assert words("I don't use C++ or C#, 3 times 🎉") == [
        "i",
        "don't",
        "use",
        "c++",
        "or",
        "c#",
        "3",
        "times",
    ]


def test_word_forms_share_a_stem() -> None:
    assert stem("indexes") == stem("index")
    assert stem("caching") == stem("cached") == stem("caches")


def test_content_words_leave_out_what_says_nothing() -> None:
    assert content_words("It is what the index does") == {stem("index")}


def test_a_quote_has_no_white_space_around_it() -> None:
    found = quote("ab  cd ", 2, 7)
    assert (found.start, found.end, found.text) == (4, 6, "cd")
