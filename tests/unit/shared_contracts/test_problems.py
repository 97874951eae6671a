"""An error goes through HTTP and comes out the same."""

from __future__ import annotations

import msgspec
import pytest

from shared_contracts import problems
from shared_contracts.errors import ERRORS, ErrorCode


@pytest.mark.parametrize("code", ErrorCode)
def test_every_error_comes_out_as_it_went_in(code: ErrorCode) -> None:
    error = ERRORS[code](details={"field": "text", "reason": "it is empty"}).to_ipc()
    document = problems.encode(error)
    assert problems.decode(document) == error
    fields = msgspec.json.decode(document)
    assert fields["title"] == error.message
    assert fields["detail"] == error.remedy
    assert fields["status"] == problems.status_of(code) >= 400


def test_a_code_of_a_later_version_is_an_error_of_the_server() -> None:
    assert problems.status_of("NEW001") == 500


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"code": 5}', b"<html>"])
def test_what_is_no_problem_of_ours_is_none(body: bytes) -> None:
    assert problems.decode(body) is None
