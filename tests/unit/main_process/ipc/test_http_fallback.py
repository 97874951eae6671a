"""Over HTTP: the channels for who has the token, events as they come, and nothing for others."""

from __future__ import annotations

import asyncio
import http.client
import socket
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest

from main_process.ipc.http_fallback import _OUTBOX
from shared_contracts import problems
from shared_contracts.channels import QUESTIONS_GET
from shared_contracts.envelope import Event, IPCError, RawRequest
from shared_contracts.errors import ConflictError, NotFoundError
from tests.http_way import TOKEN, HTTPWay

WAIT_SECONDS = 20
QUESTIONS = f"/v1/channels/{QUESTIONS_GET.name}"
EVENTS = "/v1/events"
PAYLOAD = b'{"limit" : 3, "filter": {}}'


@pytest.fixture
async def way() -> AsyncIterator[HTTPWay]:
    async with HTTPWay.open() as way:
        yield way


@pytest.fixture
async def client(way: HTTPWay) -> AsyncIterator[httpx.AsyncClient]:
    async with way.client() as client:
        yield client


def problem_of(response: httpx.Response) -> IPCError:
    assert response.headers["content-type"] == problems.MEDIA_TYPE
    error = problems.decode(response.content)
    assert error
    assert response.status_code == problems.status_of(error.code)
    return error


async def test_a_channel_is_asked_by_its_name_and_answers_with_its_data(
    way: HTTPWay, client: httpx.AsyncClient
) -> None:
    response = await client.post(QUESTIONS, content=PAYLOAD, headers={"X-Request-Id": "7"})
    assert (response.status_code, response.content) == (200, PAYLOAD)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    asked = way.asked.get_nowait()
    assert (asked.id, asked.channel, bytes(asked.payload)) == ("7", QUESTIONS_GET.name, PAYLOAD)


async def test_a_request_without_a_name_is_given_one(
    way: HTTPWay, client: httpx.AsyncClient
) -> None:
    await client.post(QUESTIONS, content=PAYLOAD, headers={"X-Request-Id": ""})
    await client.post(QUESTIONS, content=PAYLOAD, headers={"X-Request-Id": "x" * 1_000})
    assert [len(way.asked.get_nowait().id) for _ in range(2)] == [32, 64]


@pytest.mark.parametrize("error", [ConflictError(details={"current": [1]}), NotFoundError("No.")])
async def test_a_refusal_is_a_problem_with_its_code(
    way: HTTPWay, client: httpx.AsyncClient, error: ConflictError | NotFoundError
) -> None:
    async def refuse(_: RawRequest) -> object:
        raise error

    way.answer = refuse
    assert problem_of(await client.post(QUESTIONS, content=PAYLOAD)) == error.to_ipc()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/channels/db:secrets:get"),
        ("POST", "/v1/channels/"),
        ("POST", "/v1/channels/../events"),
        ("POST", f"/{QUESTIONS_GET.name}"),
        ("POST", EVENTS),
        ("POST", "/"),
        ("GET", QUESTIONS),
        ("PUT", QUESTIONS),
        ("DELETE", QUESTIONS),
        ("OPTIONS", QUESTIONS),
        ("GET", "/docs"),
    ],
)
async def test_there_is_nothing_beside_the_channels(
    way: HTTPWay, client: httpx.AsyncClient, method: str, path: str
) -> None:
    assert problem_of(await client.request(method, path, content=PAYLOAD)).code == "IPC002"
    assert way.asked.empty()


@pytest.mark.parametrize("path", [QUESTIONS, EVENTS, "/", "/v1/channels/db:secrets:get"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer guessed"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer \xfc"},
        {"Host": "localhost"},
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_others_are_refused_whatever_they_ask(
    way: HTTPWay, path: str, headers: dict[str, str]
) -> None:
    async with way.client() as client:
        for name in headers:
            client.headers.pop(name, None)
        given = {k.encode(): v.encode("latin-1") for k, v in headers.items() if v}
        method = "GET" if path == EVENTS else "POST"
        response = await client.request(method, path, content=PAYLOAD, headers=given)
    assert problem_of(response).code == "IPC005"
    assert way.asked.empty()
    assert way.knocks.empty()


async def test_our_own_origin_is_refused_too(way: HTTPWay) -> None:
    """The page's server asks, never the page."""
    async with way.client(Origin=f"http://{way.port.address}") as client:
        assert problem_of(await client.post(QUESTIONS, content=PAYLOAD)).code == "IPC005"


def ask_with(way: HTTPWay, *headers: tuple[str, str]) -> int:
    """The status of a request with exactly these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", way.port.port, timeout=WAIT_SECONDS)
    connection.putrequest("POST", QUESTIONS, skip_host=True, skip_accept_encoding=True)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders(b"{}")
    status = connection.getresponse().status
    connection.close()
    return status


async def test_two_tokens_or_two_hosts_are_none(way: HTTPWay) -> None:
    host, token = ("Host", way.port.address), ("Authorization", f"Bearer {TOKEN}")
    length = ("Content-Length", "2")
    assert await asyncio.to_thread(ask_with, way, host, token, length) == 200
    assert await asyncio.to_thread(ask_with, way, host, token, token, length) == 401
    assert await asyncio.to_thread(ask_with, way, host, host, token, length) in {400, 401}
    assert await asyncio.to_thread(ask_with, way, token, length) in {400, 401}
    assert way.asked.qsize() == 1


async def test_while_it_is_closed_it_says_so_and_does_nothing(
    way: HTTPWay, client: httpx.AsyncClient
) -> None:
    way.is_open = False
    assert problem_of(await client.post(QUESTIONS, content=PAYLOAD)).code == "HTTP001"
    assert problem_of(await client.get(EVENTS)).code == "HTTP001"
    assert way.asked.empty()
    assert [way.knocks.get_nowait() for _ in range(2)] == [QUESTIONS_GET.name, ""]


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_over_the_channels_limit_is_refused(
    way: HTTPWay, client: httpx.AsyncClient, *, chunked: bool
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(QUESTIONS_GET.max_bytes // 1_000 + 1):
            yield b"x" * 1_000

    body = b"x" * (QUESTIONS_GET.max_bytes + 1)
    response = await client.post(QUESTIONS, content=pieces() if chunked else body)
    assert problem_of(response).code == "IPC004"
    assert way.asked.empty()
    largest = b'"' + b"x" * (QUESTIONS_GET.max_bytes - 2) + b'"'
    assert (await client.post(QUESTIONS, content=largest)).content == largest


async def test_who_hangs_up_in_the_middle_is_forgotten(
    way: HTTPWay, client: httpx.AsyncClient
) -> None:
    head = (
        f"POST {QUESTIONS} HTTP/1.1\r\nHost: {way.port.address}\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: 100\r\n\r\nxx"
    )
    with socket.create_connection(("127.0.0.1", way.port.port)) as caller:
        caller.sendall(head.encode())
        await asyncio.wait_for(way.knocks.get(), WAIT_SECONDS)
    assert (await client.post(QUESTIONS, content=PAYLOAD)).content == PAYLOAD
    assert way.asked.qsize() == 1


async def lines_of(response: httpx.Response) -> AsyncIterator[str]:
    async for line in response.aiter_lines():
        if line:
            yield line


async def test_events_are_told_from_the_first_line_on(
    way: HTTPWay, client: httpx.AsyncClient
) -> None:
    way.events.publish(Event(topic="health"))
    async with client.stream("GET", EVENTS) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = lines_of(response)
        assert await anext(lines) == ":"
        way.events.publish(Event(topic="sessions", ids=("1",)))
        assert await anext(lines) == 'data: {"type":"event","topic":"sessions","ids":["1"]}'
        way.close()
        assert [line async for line in lines] == []


async def test_who_listens_no_more_is_forgotten(way: HTTPWay, client: httpx.AsyncClient) -> None:
    async with client.stream("GET", EVENTS) as response:
        await anext(lines_of(response))
        assert way.events.listeners == 1
    async with asyncio.timeout(WAIT_SECONDS):
        while way.events.listeners:
            await client.get("/")
    assert way.asked.empty()


async def test_who_falls_too_far_behind_is_cut_off(way: HTTPWay, client: httpx.AsyncClient) -> None:
    async with client.stream("GET", EVENTS) as response:
        lines = lines_of(response)
        await anext(lines)
        for _ in range(_OUTBOX + 1):
            way.events.publish(Event(topic="sessions"))
        told = [line async for line in lines]
    assert len(told) <= _OUTBOX


async def test_closing_ends_every_stream(client: httpx.AsyncClient, way: HTTPWay) -> None:
    async with client.stream("GET", EVENTS) as response:
        lines = lines_of(response)
        await anext(lines)
        await way.port.close()
        assert [line async for line in lines] == []
    with pytest.raises(httpx.ConnectError):
        await client.post(QUESTIONS, content=PAYLOAD)


async def test_what_is_under_way_is_answered_before_it_closes(
    client: httpx.AsyncClient, way: HTTPWay
) -> None:
    go = asyncio.Event()

    async def wait(_: RawRequest) -> object:
        await go.wait()
        return "done"

    way.answer = wait
    asking = asyncio.create_task(client.post(QUESTIONS, content=PAYLOAD))
    await way.asked.get()
    closing = asyncio.create_task(way.port.close())
    await asyncio.sleep(0)
    go.set()
    assert msgspec.json.decode((await asking).content) == "done"
    await closing
