"""Errors travel between processes and stay what they are."""

from __future__ import annotations

import msgspec
import pytest

from shared_contracts.envelope import IPCError
from shared_contracts.errors import (
    ERRORS,
    AppError,
    ConflictError,
    ErrorCode,
    InternalError,
    NotFoundError,
    from_ipc,
)


@pytest.mark.parametrize("kind", ERRORS.values())
def test_an_error_is_the_same_on_the_other_side(kind: type[AppError]) -> None:
    sent = msgspec.json.encode(kind("This happened.", details={"field": "text"}).to_ipc())
    received = from_ipc(msgspec.json.decode(sent, type=IPCError))
    assert type(received) is kind
    assert (received.message, received.details) == ("This happened.", {"field": "text"})


def test_every_code_has_one_class() -> None:
    assert ERRORS.keys() == set(ErrorCode)
    assert len(AppError.__subclasses__()) == len(ErrorCode)


def test_a_code_of_another_version_is_an_internal_error() -> None:
    error = from_ipc(IPCError(code="NEW042", message="Something of tomorrow."))
    assert isinstance(error, InternalError)
    assert error.message == "Something of tomorrow."


def test_without_words_of_its_own_an_error_says_what_its_class_says() -> None:
    assert NotFoundError().message == "There is nothing with this id."


def test_a_terminal_shows_code_message_and_remedy_on_one_line() -> None:
    assert str(ConflictError("Moved.")) == (
        "DB006: Moved. Look at it as it is now and make your change again."
    )
