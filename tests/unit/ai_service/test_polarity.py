"""Opposites are told from other ways to say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_service.polarity import contradicts, differs, read, turned

SORTED = "A tree keeps its entries in sorted order."


@pytest.mark.parametrize(
    ("expected", "passage"),
    [
        (SORTED, "A tree does not keep the entries in sorted order."),
        (SORTED, "The entries of a tree are unsorted."),
        (SORTED, "A tree never keeps entries sorted."),
        ("Bcrypt is slow on purpose.", "Bcrypt is fast."),
        ("A lock must not be held for long.", "A lock must be held for long."),
        ("Writes become slower.", "Writes get faster."),
        (SORTED, "It is not true that a tree keeps its entries in sorted order."),
        (SORTED, "It is wrong that a tree keeps entries sorted."),
        ("It isn't safe to retry a POST.", "Retrying a POST is safe."),
    ],
)
def test_what_says_the_opposite_contradicts(expected: str, passage: str) -> None:
    assert contradicts(expected, passage)
    assert contradicts(passage, expected)


@pytest.mark.parametrize(
    ("expected", "passage"),
    [
        (SORTED, "Its entries stay sorted."),
        ("Rows are found without scanning the table.", "It jumps to the rows instead of a scan."),
        ("It replaces a scan of the table.", "The database does not look at every row."),
        ("Bcrypt is slow.", "Bcrypt is not fast."),
        ("Not only reads get faster.", "Reads get faster."),
        ("It helps with many rows.", "If no lock is held for long, it helps with rows."),
        ("Anything.", "Something else."),
    ],
)
def test_other_ways_to_say_it_do_not(expected: str, passage: str) -> None:
    assert not contradicts(expected, passage)
    assert not contradicts(passage, expected)


def test_one_plain_negation_makes_a_difference_a_soft_one_none() -> None:
    assert differs("The server keeps the session.", "The server doesn't keep anything.")
    assert not differs("It avoids a scan.", "It does not scan.")
    assert not differs("It does not scan.", "There is no scan.")


def test_a_negation_reaches_to_the_end_of_its_statement() -> None:
    said = read("It does not lock rows, but it blocks writers.").said
    assert said["lock"] == said["row"] == -1
    assert said["block"] == said["writer"] == 1


@given(st.text(max_size=80), st.text(max_size=80))
def test_it_is_a_share_whichever_comes_first(one: str, other: str) -> None:
    assert 0 <= turned(one, other) <= 1
    assert turned(one, other) == turned(other, one)
    assert turned(one, one) == 0
