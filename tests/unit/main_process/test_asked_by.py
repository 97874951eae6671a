"""Work that was put in line is done under the id of the request that wanted it."""

from __future__ import annotations

from uuid import uuid4

from structlog.contextvars import bound_contextvars

from main_process.asked_by import AskedBy


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
