"""A search finds what it says, its pages hold each hit once, and nothing can break its query."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.repositories.search import MIN_PREFIX, Search, Words, to_query
from shared_contracts.contract import Count
from shared_contracts.errors import ValidationFailedError
from shared_contracts.search_index import TOKENIZE

WORDS = (
    "index",
    "indexes",
    "in",
    "café",
    "Caffè",
    "база",
    "数据库",
    "data",
    "front-end",
    "c",
    "x1",
)
SIGNS = ("", " ", '"', "*", "🙂", "?", "-", "(", ")", ":", "^", "+", "'", "\x00", "\ufffd", "́")
HOSTILE = (
    *('"', '""', '"""', '"a', "a AND", "AND", "OR NOT", "NEAR(a b, 2)", "NEAR", "a*b", "*", "^a"),
    *("prompt : a", "prompt:", "-prompt : a", "{a b} : c", "a + b", "(a", "a)", "a\x00b", "\x00"),
    *("🙂", "مرحبا بالعالم", "'; DROP TABLE questions; --", "a" * 10_000, '"' * 10_000),
    *("\ue000kindtechnical", "\ud800", "%", "_", "\\", "\n", "rank", "bm25(question_words)", "́"),
)
TEXTS = Words("words", ranked=6, usual_characters=20)


@pytest.fixture(scope="module")
def empty() -> Iterator[sqlite3.Connection]:
    with closing(make()) as tx:
        yield tx


def make(*texts: str) -> sqlite3.Connection:
    """An index of these texts, of the app's own kind."""
    tx = sqlite3.connect(":memory:", isolation_level=None)
    tx.execute(
        f'CREATE VIRTUAL TABLE words USING fts5(text, tokenize = "{TOKENIZE}", prefix = "2 3")'
    )
    tx.executemany("INSERT INTO words (text) VALUES (?)", [(text,) for text in texts])
    return tx


def read(
    tx: sqlite3.Connection, text: str, limit: int = 50, after: str | None = None
) -> tuple[list[int], str | None]:
    """The numbers of the texts on a page, and the cursor of the next."""
    query = to_query(text)
    if query is None:
        return [], None
    found = Search(tx, TEXTS, query).page(limit, after)
    return [hit.number for hit in found.hits], found.next


def tokens(text: str) -> list[str]:
    """What the index takes for words, said a second time."""
    apart = unicodedata.normalize("NFD", text.lower())
    kept = (one for one in apart if not unicodedata.combining(one))
    return "".join(one if unicodedata.category(one)[0] in "LN" else " " for one in kept).split()


def has(text: str, phrase: str, *, begun: bool) -> bool:
    """Whether the words of the phrase stand in the text one after the other."""
    there, wanted = tokens(text), tokens(phrase)
    for at in range(len(there) - len(wanted) + 1):
        part = there[at : at + len(wanted)]
        whole = part == wanted
        if whole or (begun and part[:-1] == wanted[:-1] and part[-1].startswith(wanted[-1])):
            return True
    return False


texts = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from(SIGNS)).map("".join), min_size=1, max_size=6
).map(" ".join)
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
words = st.sampled_from(WORDS)


@given(st.lists(texts, max_size=8), st.lists(st.one_of(words, phrases), max_size=2), words)
def test_a_search_finds_the_texts_with_all_words_and_phrases(
    stored: list[str], others: list[str], last: str
) -> None:
    quoted = " ".join(f'"{other}"' for other in others)
    with closing(make(*stored)) as tx:
        for end in ("", " ", "?"):
            page, _ = read(tx, f"{quoted} {last}{end}")
            begun = not end and len(last.rpartition("-")[2]) >= MIN_PREFIX
            assert sorted(page) == [
                number
                for number, text in enumerate(stored, 1)
                if all(has(text, other, begun=False) for other in others)
                and has(text, last, begun=begun)
            ]


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_none(empty: sqlite3.Connection, text: str) -> None:
    assert read(empty, text) == ([], None)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text)[:20])
def test_no_text_is_an_operator(text: str) -> None:
    stored = ["a word AND another", "NEAR a", "prompt a", "c"]
    with closing(make(*stored)) as tx:
        page, following = read(tx, text)
    assert following is None
    for number in page:
        assert all(has(stored[number - 1], word, begun=True) for word in tokens(text))


@pytest.mark.parametrize("text", ["", " ", "?", "🙂", '""', "-- ;", "\x00", "́", "\ue000"])
def test_a_text_without_a_word_is_no_query(text: str) -> None:
    assert to_query(text) is None


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("c", '"c"'),
        ("go", '"go"*'),
        ("go ", '"go"'),
        ("go go", '"go" AND "go"*'),
        ("a b a b a", '"a" AND "b" AND "a"'),
        ('"big o" no', '"big o" AND "no"*'),
        ('"big oh', '"big oh"*'),
        ('"big oh"', '"big oh"'),
        ("front-end", '"front end"*'),
        ("c++", '"c"'),
    ],
)
def test_the_query_of_a_text(text: str, query: str) -> None:
    assert to_query(text) == query


def test_the_best_of_the_newest_come_first_then_the_newest() -> None:
    old = [f"data number {number}" for number in range(4)]
    new = ["data and much else that has nothing to do with it", *["of data"] * 4, "data data"]
    with closing(make(*old, *new)) as tx:
        page, _ = read(tx, "data")
    assert page == [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
    with closing(make(*old, *reversed(new))) as tx:
        page, _ = read(tx, "data")
    assert page == [5, 9, 8, 7, 6, 10, 4, 3, 2, 1]


@given(
    st.lists(st.sampled_from(["a", "a a b", "b a", "a b b b b"]), max_size=20),
    st.integers(1, 4),
    st.lists(st.sampled_from(["add", "take", "nothing"]), min_size=20, max_size=20),
)
def test_pages_hold_each_hit_once_while_others_come_and_go(
    stored: list[str], limit: int, changes: list[str]
) -> None:
    unseen = list(range(1, len(stored) + 1))
    with closing(make(*stored)) as tx:
        page, after = read(tx, "a", limit)
        seen = page
        for change in changes:
            if after is None:
                break
            unseen = [number for number in unseen if number not in seen]
            if change == "add":
                tx.execute("INSERT INTO words (text) VALUES ('a a a')")
            elif change == "take" and unseen:
                tx.execute("DELETE FROM words WHERE rowid = ?", (unseen.pop(0),))
            page, after = read(tx, "a", limit, after)
            assert set(page) <= set(unseen)
            seen += page
    assert after is None
    assert len(set(seen)) == len(seen)
    assert set(seen) >= set(unseen)


@pytest.mark.parametrize(
    ("there", "total"),
    [(0, Count(number=0)), (6, Count(number=6)), (7, Count(number=6, more=True))],
)
def test_the_first_page_counts_as_far_as_is_ranked(there: int, total: Count) -> None:
    with closing(make(*["a word"] * there)) as tx:
        first = Search(tx, TEXTS, '"word"').page(2, None)
        assert first.total == total
        if first.next is not None:
            assert Search(tx, TEXTS, '"word"').page(2, first.next).total is None


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "é"])
def test_a_broken_cursor_is_val001(empty: sqlite3.Connection, cursor: str) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        read(empty, "a", 5, cursor)
    assert caught.value.details["field"] == "after"
