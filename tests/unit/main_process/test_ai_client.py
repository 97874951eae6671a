"""Whatever the AI service does, its client answers with an evaluation or a coded error."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from structlog.contextvars import bound_contextvars

from main_process import ai_client
from main_process.ai_client import AIClient
from shared_contracts.errors import (
    AIServiceUnavailableError,
    AppError,
    InternalError,
    ModelMissingError,
)
from shared_contracts.evaluation import EvaluationRequest
from tests.ai_stub import DIES, TOKEN, AIStub, evaluation, reply
from tests.factories import make_evaluation, make_question

REQUEST = EvaluationRequest(question=make_question(), answer="It costs writes. 🙂")
WAIT_SECONDS = 10
PROBLEM = "application/problem+json"


@pytest.fixture
async def stub() -> AsyncIterator[AIStub]:
    async with AIStub.open() as stub:
        yield stub


@pytest.fixture
async def client(stub: AIStub) -> AsyncIterator[AIClient]:
    client = AIClient()
    client.connect(stub.port, TOKEN)
    yield client
    await client.close()


async def test_an_answer_goes_there_with_the_token_and_comes_back_judged(
    client: AIClient, stub: AIStub
) -> None:
    assert await client.evaluate(REQUEST) == make_evaluation()
    assert await stub.requests.get() == REQUEST
    (head,) = stub.heads
    assert head.startswith("POST /v1/evaluations HTTP/1.1\r\n")
    assert f"Authorization: Bearer {TOKEN}\r\n" in head
    assert f"Host: 127.0.0.1:{stub.port}\r\n" in head


async def test_the_id_of_the_request_goes_along(client: AIClient, stub: AIStub) -> None:
    with bound_contextvars(request="page-7"):
        await client.evaluate(REQUEST)
    with bound_contextvars(request="one\r\nHost: two é"):
        await client.evaluate(REQUEST)
    assert "X-Request-Id: page-7\r\n" in stub.heads[0]
    assert "X-Request-Id: one%0D%0AHost%3A%20two%20%C3%A9\r\n" in stub.heads[1]


async def test_without_a_service_it_is_ai001() -> None:
    with pytest.raises(AIServiceUnavailableError):
        await AIClient().evaluate(REQUEST)


async def test_waiting_ends_when_there_is_a_service(stub: AIStub) -> None:
    client = AIClient()
    waiting = asyncio.create_task(client.wait_ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    client.connect(stub.port, TOKEN)
    await asyncio.wait_for(waiting, WAIT_SECONDS)
    client.disconnect()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.wait_ready(), 0)
    await client.close()


@pytest.mark.parametrize("said", [DIES, evaluation()[:40], evaluation()[:-7], b"no http\r\n\r\n"])
async def test_a_service_that_dies_meanwhile_is_ai001_until_the_next_one(
    client: AIClient, stub: AIStub, said: bytes
) -> None:
    stub.replies.append(said)
    with pytest.raises(AIServiceUnavailableError):
        await client.evaluate(REQUEST)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.wait_ready(), 0)
    client.connect(stub.port, TOKEN)
    assert await client.evaluate(REQUEST) == make_evaluation()


async def test_a_port_that_nobody_listens_on_is_ai001() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    client = AIClient()
    client.connect(port, TOKEN)
    with pytest.raises(AIServiceUnavailableError):
        await client.evaluate(REQUEST)
    await client.close()


async def test_a_request_under_way_fails_when_the_service_is_said_to_be_gone(
    client: AIClient, stub: AIStub
) -> None:
    stub.replies.append(asyncio.Event())
    call = asyncio.create_task(client.evaluate(REQUEST))
    await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    client.disconnect()
    with pytest.raises(AIServiceUnavailableError):
        await asyncio.wait_for(call, WAIT_SECONDS)


async def test_a_request_of_before_does_not_disconnect_the_next_service(
    client: AIClient, stub: AIStub
) -> None:
    stub.replies.append(asyncio.Event())
    call = asyncio.create_task(client.evaluate(REQUEST))
    await asyncio.wait_for(stub.requests.get(), WAIT_SECONDS)
    client.connect(stub.port, TOKEN)
    with pytest.raises(AIServiceUnavailableError):
        await asyncio.wait_for(call, WAIT_SECONDS)
    assert await client.evaluate(REQUEST) == make_evaluation()


async def test_a_service_that_is_only_slow_stays_connected(
    monkeypatch: pytest.MonkeyPatch, stub: AIStub
) -> None:
    monkeypatch.setattr(ai_client, "_TIMEOUT", httpx.Timeout(WAIT_SECONDS, read=0.05))
    client = AIClient()
    client.connect(stub.port, TOKEN)
    stub.replies.append(asyncio.Event())
    with pytest.raises(AIServiceUnavailableError):
        await client.evaluate(REQUEST)
    await asyncio.wait_for(client.wait_ready(), WAIT_SECONDS)
    await client.close()


async def test_the_services_own_error_comes_through(client: AIClient, stub: AIStub) -> None:
    problem = {
        "type": "about:blank",
        "title": "The language model's files are missing or changed.",
        "status": 503,
        "detail": "Set the app up again.",
        "code": "AI005",
        "message": "The vocabulary is missing.",
        "remedy": "Set the app up again.",
        "details": {"file": "vocabulary"},
    }
    stub.replies.append(reply(503, msgspec.json.encode(problem), PROBLEM))
    with pytest.raises(ModelMissingError) as caught:
        await client.evaluate(REQUEST)
    assert caught.value.message == "The vocabulary is missing."
    assert caught.value.details == {"file": "vocabulary"}


@pytest.mark.parametrize(
    "said",
    [
        reply(200, b""),
        reply(200, b"<html>"),
        reply(200, b"{}"),
        reply(200, b"\xff\xfe"),
        reply(200, b'{"evaluator": "\xff"}'),
        reply(200, msgspec.json.encode({"evaluator": "oracle"})),
        reply(204, b""),
        reply(401, b"no", "text/plain"),
        reply(500, b"[]"),
        reply(500, b"7"),
        reply(500, b'"code"'),
        reply(500, b"\xff"),
        reply(500, b'{"code": 5, "message": []}', PROBLEM),
        reply(302, b""),
    ],
)
async def test_garbage_is_app003_and_nothing_worse(
    client: AIClient, stub: AIStub, said: bytes
) -> None:
    stub.replies.append(said)
    with pytest.raises(AppError) as caught:
        await client.evaluate(REQUEST)
    assert isinstance(caught.value, InternalError)
    assert caught.value.details["service"] == "ai"
    assert await client.evaluate(REQUEST) == make_evaluation()
