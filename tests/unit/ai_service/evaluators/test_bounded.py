"""A reply of any length costs as much memory as a long one."""

from __future__ import annotations

import zlib

import pytest

from ai_service.evaluators import bounded
from ai_service.evaluators.chat import Chat, Messages
from shared_contracts.errors import LLMAnswerInvalidError
from shared_contracts.evaluation import LLMServer
from tests.openai_stub import KEY, Reply, serving

HELLO: Messages = [{"role": "user", "content": "Hello"}]
LONG = " " * bounded.MOST_REPLY_BYTES
PACKED = zlib.compress(b"{}").decode("latin-1")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(LONG), "too long"),
        (Reply(LONG + " ", 500, raw=True), "too long"),
        (Reply(PACKED, raw=True, encoding="deflate"), "packed"),
    ],
)
async def test_what_is_too_long_or_packed_is_not_read(reply: Reply, said: str) -> None:
    with serving(lambda *_: reply) as stub:
        server = LLMServer(base_url=stub.base_url, model="m", api_key=KEY)
        with pytest.raises(LLMAnswerInvalidError, match=said):
            async with Chat.open(server) as chat:
                await chat.complete(HELLO)


async def test_what_is_as_long_as_it_may_be_is_read() -> None:
    text = "x" * (bounded.MOST_REPLY_BYTES - 1_000)
    with serving(lambda *_: Reply(text)) as stub:
        async with Chat.open(LLMServer(base_url=stub.base_url, model="m", api_key=KEY)) as chat:
            assert await chat.complete(HELLO) == text
