"""An id is known while its request is answered, and by the work that it put in line."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars

from main_process.request_ids import AskedBy, current, in_header


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


def test_work_is_done_under_the_id_that_asked_for_it_last() -> None:
    asked, answer = AskedBy(), uuid4()
    assert asked.of(answer) == f"answer-{answer}"
    for request in ("page-1", "page-2"):
        with bound_contextvars(request=request):
            asked.note(answer)
    assert asked.of(answer) == "page-2"


def test_only_the_newest_are_remembered() -> None:
    asked, first = AskedBy(), uuid4()
    with bound_contextvars(request="page-1"):
        asked.note(first)
        for _ in range(1_000):
            asked.note(uuid4())
    assert asked.of(first) == f"answer-{first}"
