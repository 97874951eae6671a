"""Advice against a point is told from advice that agrees with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_service.polarity import contradicts
from ai_service.stance import opposes, read

INDEX = "Build an index on the columns that queries filter on."
MOCKS = "Mocking everything is not a replacement for a test with the real database."
RIGHTS = "Give the service only the rights that it needs."


@pytest.mark.parametrize(
    ("expected", "passage"),
    [
        (INDEX, "Never build an index on columns that queries filter on."),
        (INDEX, "You should not build an index on such columns."),
        (INDEX, "Avoid an index on columns."),
        (INDEX, "An index on a column is a bad idea."),
        (INDEX, "It is a mistake to build an index."),
        (INDEX, "There is no need to build an index on columns."),
        (MOCKS, "Mocking everything is the best way."),
        (MOCKS, "Mocking everything is good enough."),
        ("Test the important paths rather than testing everything.", "Testing everything is best."),
        ("Bind values, so that text is never read as code.", "You should never bind values."),
        (RIGHTS, "Giving the service all rights is practical."),
    ],
)
def test_advice_against_what_is_expected_opposes_it(expected: str, passage: str) -> None:
    assert opposes(expected, passage)
    assert contradicts(expected, passage)


@pytest.mark.parametrize(
    ("expected", "passage"),
    [
        (INDEX, "I would build an index on the columns that are filtered on."),
        (INDEX, "An index on the filtered columns is the right thing."),
        (INDEX, "It is not a mistake to build an index on columns."),
        (INDEX, "Never ship on a Friday."),
        (MOCKS, "Mocking everything is not enough."),
        (MOCKS, "Mocking everything is a bad idea."),
        ("A rename breaks the old version.", "A rename is a bad idea."),
        (RIGHTS, "Never give the service all rights."),
        (RIGHTS, "It gets the rights it needs."),
    ],
)
def test_advice_that_agrees_or_is_on_something_else_does_not(expected: str, passage: str) -> None:
    assert not opposes(expected, passage)


def test_each_part_of_a_sentence_advises_by_itself() -> None:
    first, second = read("Never log passwords, but logging the request id is fine.")
    assert (first.side, second.side) == (-1, 1)
    assert "password" in first.about
    assert "password" not in second.about


@given(st.text(max_size=80))
def test_nothing_opposes_itself_without_advice(text: str) -> None:
    assert all(part.side in {-1, 0, 1} for part in read(text))
    if not any(part.side or part.denies for part in read(text)):
        assert not opposes(text, text)
