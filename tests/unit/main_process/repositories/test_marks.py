"""What a search matched can be pointed at in the text, and in a passage of a long one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.repositories.marks import CLOSE, OPEN, SNIPPET_CHARACTERS, snippet, unmark
from shared_contracts.contract import Span

plain = st.text(st.characters(codec="utf-8", exclude_characters=OPEN + CLOSE), max_size=300)
pieces = st.lists(st.tuples(plain, st.booleans()), max_size=12)


def marked(parts: list[tuple[str, bool]]) -> str:
    return "".join(f"{OPEN}{text}{CLOSE}" if hit else text for text, hit in parts)


@given(pieces)
def test_the_spans_are_where_the_marks_were(parts: list[tuple[str, bool]]) -> None:
    text, spans = unmark(marked(parts))
    assert text == "".join(part for part, _ in parts)
    assert [text[span.start : span.end] for span in spans] == [part for part, hit in parts if hit]


@given(pieces)
def test_a_snippet_is_short_and_its_spans_are_what_matched(parts: list[tuple[str, bool]]) -> None:
    text, spans = snippet(marked(parts))
    assert len(text) <= SNIPPET_CHARACTERS + len("……")
    hits = [part for part, hit in parts if hit]
    assert all(text[span.start : span.end] in hits for span in spans)


def test_a_short_text_is_its_own_snippet() -> None:
    assert snippet(f"An {OPEN}index{CLOSE}.") == ("An index.", (Span(start=3, end=8),))


def test_a_snippet_shows_where_most_matched_and_cuts_no_word() -> None:
    filler = "many words of no matter " * 20
    text, spans = snippet(
        f"{OPEN}index{CLOSE} {filler}an {OPEN}index{CLOSE} and an {OPEN}index{CLOSE} {filler}"
    )
    assert [text[span.start : span.end] for span in spans] == ["index", "index"]
    assert text.startswith("…")
    assert text.endswith("…")
    assert set(text.strip("…").split()) <= set(f"{filler} an index and".split())


@pytest.mark.parametrize("text", ["", OPEN, CLOSE, f"{CLOSE}{OPEN}a", OPEN * 3 + "a" + CLOSE])
def test_marks_that_the_text_had_before_do_no_harm(text: str) -> None:
    without, spans = unmark(text)
    assert without == text.replace(OPEN, "").replace(CLOSE, "")
    assert all(0 <= span.start <= span.end <= len(without) for span in spans)
