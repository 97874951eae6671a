"""The HTTP routes behind their gate, over a real socket."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from ai_service.__main__ import Server
from ai_service.app import MAX_BODY_BYTES
from ai_service.embeddings import Embedder, ModelFile
from ai_service.evaluate import EvaluationService
from shared_contracts.evaluation import (
    AIHealth,
    Evaluation,
    EvaluationRequest,
    LLMServer,
    ServerAnswered,
)
from shared_contracts.problems import MEDIA_TYPE
from tests.factories import make_question
from tests.openai_stub import KEY, Reply, serving

TOKEN = "the-token-of-this-run"
REQUEST = msgspec.json.encode(
    EvaluationRequest(question=make_question(), answer="Reads become faster.")
)


async def serve(service: EvaluationService) -> AsyncIterator[httpx.AsyncClient]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    ready, stopping = asyncio.Event(), threading.Event()
    server = Server(service, TOKEN, port, ready.set, stopping)
    running = asyncio.create_task(server.serve([listener]))
    await ready.wait()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    address = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=60) as client:
        yield client
    stopping.set()
    await running


@pytest.fixture
async def client(embedder: Embedder) -> AsyncIterator[httpx.AsyncClient]:
    async for each in serve(EvaluationService(embedder, "1.2.3")):
        yield each


@pytest.fixture
async def crippled() -> AsyncIterator[httpx.AsyncClient]:
    missing = ModelFile("no_such_package", "model.onnx", "0")
    async for each in serve(EvaluationService(Embedder(model=missing), "1.2.3")):
        yield each


def code_of(response: httpx.Response) -> str:
    assert response.headers["content-type"] == MEDIA_TYPE
    body = response.json()
    assert body["title"] == body["message"]
    assert body["status"] == response.status_code
    return str(body["code"])


async def test_an_answer_is_judged(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/evaluations", content=REQUEST)
    assert response.status_code == 200
    found = msgspec.json.decode(response.content, type=Evaluation)
    assert found.evaluator == "offline"


@pytest.mark.parametrize(
    ("given", "logged"),
    [("page-7", "page-7"), ("", None), ("x" * 65, None), ("two words", None)],
)
async def test_what_is_logged_names_the_request(
    client: httpx.AsyncClient, given: str, logged: str | None
) -> None:
    with capture_logs(processors=[merge_contextvars]) as logs:
        await client.post("/v1/evaluations", content=REQUEST, headers={"X-Request-Id": given})
    (line,) = [line for line in logs if line["event"] == "judged"]
    assert (line.get("request"), line["evaluator"]) == (logged, "offline")


async def test_health_is_told(client: httpx.AsyncClient) -> None:
    found = msgspec.json.decode((await client.get("/health")).content, type=AIHealth)
    assert found.offline_evaluator


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer wrong"},
        {"Authorization": TOKEN},
        {"Host": "localhost"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1"},
    ],
)
@pytest.mark.parametrize("path", ["/health", "/v1/evaluations", "/nothing"])
async def test_nobody_else_gets_in(
    client: httpx.AsyncClient, path: str, headers: dict[str, str]
) -> None:
    response = await client.post(path, content=REQUEST, headers=headers)
    assert response.status_code == 401
    assert code_of(response) == "IPC005"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"not json", ""),
        (b"[]", ""),
        (b'{"answer": "\\ud800"}', ""),
        (REQUEST[:-1] + b', "extra": 1}', ""),
        (REQUEST.replace(b'"Reads become faster."', b"7"), "$.answer"),
        (REQUEST.replace(b'"easy"', b'"trivial"'), "$.question.difficulty"),
    ],
)
async def test_a_wrong_body_is_refused_by_field(
    client: httpx.AsyncClient, body: bytes, field: str
) -> None:
    response = await client.post("/v1/evaluations", content=body)
    assert response.status_code == 422
    assert code_of(response) == "VAL001"
    assert response.json()["details"]["field"] == field


async def test_too_large_a_body_is_refused(client: httpx.AsyncClient) -> None:
    response = await client.post("/v1/evaluations", content=b"x" * (MAX_BODY_BYTES + 1))
    assert response.status_code == 413
    assert code_of(response) == "IPC004"


async def test_other_paths_and_methods_are_not_found(client: httpx.AsyncClient) -> None:
    assert code_of(await client.get("/schema")) == "DB007"
    assert code_of(await client.get("/v1/evaluations")) == "DB007"


async def test_the_loop_stays_free_while_an_answer_is_judged(client: httpx.AsyncClient) -> None:
    await client.get("/health")
    longest = EvaluationRequest(question=make_question(), answer="It reads a row. " * 5_000)
    judging = asyncio.create_task(
        client.post("/v1/evaluations", content=msgspec.json.encode(longest))
    )
    answered = 0
    while not judging.done():
        await client.get("/nothing")
        answered += 1
    assert (await judging).status_code == 200
    # A busy loop would answer the one that was under way when the judging began, and no other.
    assert answered > 2


async def test_a_missing_model_is_a_coded_problem(crippled: httpx.AsyncClient) -> None:
    response = await crippled.post("/v1/evaluations", content=REQUEST)
    assert response.status_code == 503
    assert code_of(response) == "AI005"
    health = msgspec.json.decode((await crippled.get("/health")).content, type=AIHealth)
    assert not health.offline_evaluator


async def test_a_server_is_tried_and_what_fails_has_its_code(client: httpx.AsyncClient) -> None:
    with serving(lambda *_: Reply('{"ready": true}')) as stub:
        server = LLMServer(base_url=stub.base_url, model="m", api_key=KEY)
        response = await client.post("/v1/server-tests", content=msgspec.json.encode(server))
        assert msgspec.json.decode(response.content, type=ServerAnswered).model == "stub"
        server = LLMServer(base_url=stub.base_url, model="m", api_key="sk-wrong")
        refused = await client.post("/v1/server-tests", content=msgspec.json.encode(server))
    assert code_of(refused) == "AI003"
    assert code_of(await client.post("/v1/server-tests", content=b"{}")) == "VAL001"
