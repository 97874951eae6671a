"""Tokens are counted over all requests, whatever a server calls a count."""

from __future__ import annotations

from typing import Any

import pytest

from ai_service.evaluators.chat import Chat, Messages
from shared_contracts.evaluation import LLMServer, TokensUsed
from tests.openai_stub import KEY, Reply, serving

HELLO: Messages = [{"role": "user", "content": "Hello"}]
NO_COUNTS: list[Any] = [None, 7, "many", [], {}, {"prompt_tokens": -1, "completion_tokens": "x"}]
NO_COUNTS += [{"prompt_tokens": 10**30, "completion_tokens": 1.5}]


async def talk(usage: Any, times: int) -> TokensUsed:  # noqa: ANN401  whatever a server sends
    with serving(lambda *_: Reply("Hello", usage=usage)) as stub:
        server = LLMServer(base_url=stub.base_url, model="m", api_key=KEY)
        async with Chat.open(server) as chat:
            for _ in range(times):
                assert await chat.complete(HELLO) == "Hello"
        return chat.tokens


async def test_tokens_of_all_requests_are_added_up() -> None:
    usage = {"prompt_tokens": 7, "completion_tokens": 2}
    assert await talk(usage, 3) == TokensUsed(sent=21, received=6)


@pytest.mark.parametrize("usage", NO_COUNTS)
async def test_a_count_that_is_none_counts_nothing(usage: object) -> None:
    assert await talk(usage, 1) == TokensUsed()
