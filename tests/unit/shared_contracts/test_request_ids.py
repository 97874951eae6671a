"""An id is known while its request is answered, and fits into a header whatever it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars

from shared_contracts.request_ids import current, in_header


def test_outside_of_a_request_there_is_no_id() -> None:
    assert (current(), in_header()) == ("", "")
    with bound_contextvars(request="page-1"):
        assert (current(), in_header()) == ("page-1", "page-1")
    assert current() == ""


@given(st.text(max_size=64))
def test_whatever_an_id_holds_its_header_is_one_line_of_ascii(given_id: str) -> None:
    with bound_contextvars(request=given_id):
        header = in_header()
    assert header.isascii()
    assert header.isprintable()
    assert " " not in header
