"""A cursor comes back as the place it was made of, and anything else is refused."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from main_process.repositories.cursors import Number, from_cursor, to_cursor
from shared_contracts.errors import ValidationFailedError


class Place(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    name: str
    id: UUID
    number: Number = 0


places = st.builds(
    Place, name=st.text(max_size=80), id=st.uuids(), number=st.integers(0, 2**63 - 1)
)


@given(places)
def test_a_place_comes_back(place: Place) -> None:
    assert from_cursor(to_cursor(place), Place) == place


@given(st.text(max_size=80))
def test_a_text_is_a_place_or_val001(text: str) -> None:
    with suppress(ValidationFailedError):
        assert to_cursor(from_cursor(text, Place))


@pytest.mark.parametrize(
    "place",
    [(), ("a",), ("a", "no id"), ("a", UUID(int=1), -1), ("a", UUID(int=1), 2**63), (1, 2, 3, 4)],
)
def test_the_place_of_another_list_is_val001(place: tuple[object, ...]) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        from_cursor(to_cursor(place), Place)
    assert caught.value.details["field"] == "after"
