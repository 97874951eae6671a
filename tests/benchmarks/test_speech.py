"""How errors in words are counted."""

from __future__ import annotations

import pytest

from tests.benchmarks.speech import errors, plain


@pytest.mark.parametrize(
    ("wanted", "got", "wrong"),
    [
        ("I wrote it.", "i wrote it", 0),
        ("I wrote it.", "", 3),
        ("I wrote it.", "I rode it down", 2),
        ("", "uh uh", 2),
        ("a b c d", "b c d e", 2),
    ],
)
def test_words_that_have_to_be_put_in_taken_out_or_changed(
    wanted: str, got: str, wrong: int
) -> None:
    assert errors(plain(wanted), plain(got)) == wrong
