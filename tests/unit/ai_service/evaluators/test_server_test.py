"""A test of a connection says what works and what failed, with its code."""

from __future__ import annotations

import json

import pytest

from ai_service.evaluators.server_test import try_server
from shared_contracts.errors import (
    AppError,
    LLMAnswerInvalidError,
    LLMKeyRefusedError,
    LLMRefusedError,
    LLMUnreachableError,
)
from shared_contracts.evaluation import LLMServer, TokensUsed
from tests.openai_stub import KEY, Asked, Behaviour, Reply, Stub, serving


def server(stub: Stub, key: str = KEY, seconds: float = 20) -> LLMServer:
    return LLMServer(base_url=stub.base_url, model="m", api_key=key, timeout_seconds=seconds)


def schema_refused(asked: Asked, _: int) -> Reply:
    return Reply("unknown field", 400) if "response_format" in asked else Reply("I am ready!")


async def test_a_server_that_answers_is_told_with_model_time_and_tokens() -> None:
    with serving(lambda *_: Reply('{"ready": true}')) as stub:
        found = await try_server(server(stub))
    assert (found.model, found.structured) == ("stub", True)
    assert found.tokens == TokensUsed(sent=120, received=30)
    assert found.milliseconds >= 0
    assert len(json.dumps(stub.asked)) < 1_000


async def test_a_server_without_structured_output_works_too_and_that_is_said() -> None:
    with serving(schema_refused) as stub:
        found = await try_server(server(stub))
    assert not found.structured
    assert len(stub.asked) == 2


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (lambda *_: Reply("", raw=True), LLMAnswerInvalidError),
        (lambda *_: Reply("  "), LLMAnswerInvalidError),
        (lambda *_: Reply("no such model", 404), LLMRefusedError),
        (lambda *_: Reply("broken", 500), LLMUnreachableError),
        (lambda *_: Reply(None), LLMUnreachableError),
    ],
    ids=["nothing", "blank", "404", "500", "never"],
)
async def test_what_failed_has_its_code(behaviour: Behaviour, error: type[AppError]) -> None:
    with serving(behaviour) as stub, pytest.raises(error):
        await try_server(server(stub, seconds=2 if error is LLMUnreachableError else 20))


async def test_a_wrong_key_has_its_code() -> None:
    with serving(lambda *_: Reply('{"ready": true}')) as stub, pytest.raises(LLMKeyRefusedError):
        await try_server(server(stub, key="sk-wrong"))
