"""What is asked over HTTP is answered as over the socket, or it is said what became of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import msgspec
import pytest

from renderer.http_client import HTTPClient
from shared_contracts.channels import QUESTIONS_GET
from shared_contracts.envelope import Event, RawRequest
from shared_contracts.errors import (
    ConflictError,
    ConnectionLostError,
    FallbackClosedError,
    InternalError,
    IPCTimeoutError,
    NotAuthorisedError,
)
from tests.http_way import TOKEN, HTTPWay

SECONDS = 20.0
PAYLOAD = msgspec.Raw(b'{"limit" : 3}')


@pytest.fixture
async def way() -> AsyncIterator[HTTPWay]:
    async with HTTPWay.open() as way:
        yield way


@pytest.fixture
async def client(way: HTTPWay) -> AsyncIterator[HTTPClient]:
    client = HTTPClient(way.port.port, TOKEN)
    yield client
    await client.close()


async def ask(client: HTTPClient, timeout_seconds: float = SECONDS) -> bytes:
    return bytes(await client.request(QUESTIONS_GET.name, PAYLOAD, timeout_seconds))


async def test_the_payload_goes_and_the_data_comes_byte_for_byte(
    client: HTTPClient, way: HTTPWay
) -> None:
    assert await ask(client) == bytes(PAYLOAD)
    assert way.asked.get_nowait().channel == QUESTIONS_GET.name


async def test_many_are_under_way_at_once_and_more_wait_for_their_turn(
    client: HTTPClient, way: HTTPWay
) -> None:
    everybody = asyncio.Barrier(30)

    async def meet(request: RawRequest) -> object:
        await everybody.wait()
        return request.payload

    way.answer = meet
    async with asyncio.timeout(SECONDS):
        assert await asyncio.gather(*(ask(client) for _ in range(150))) == [bytes(PAYLOAD)] * 150


async def test_an_error_is_raised_as_it_was_on_the_other_side(
    client: HTTPClient, way: HTTPWay
) -> None:
    async def refuse(_: RawRequest) -> object:
        raise ConflictError("It was renamed.", details={"current": 2})

    way.answer = refuse
    with pytest.raises(ConflictError, match="It was renamed") as raised:
        await ask(client)
    assert raised.value.details == {"current": 2}


async def test_a_closed_way_says_that_nothing_was_done(client: HTTPClient, way: HTTPWay) -> None:
    way.is_open = False
    with pytest.raises(FallbackClosedError):
        await ask(client)
    with pytest.raises(FallbackClosedError):
        async with client.events():
            raise AssertionError
    assert way.asked.empty()


async def test_a_wrong_token_is_refused(way: HTTPWay) -> None:
    client = HTTPClient(way.port.port, "wrong")
    with pytest.raises(NotAuthorisedError):
        await ask(client)
    await client.close()


async def test_a_slow_answer_is_given_up_on(client: HTTPClient, way: HTTPWay) -> None:
    async def never(_: RawRequest) -> object:
        return await asyncio.Event().wait()

    way.answer = never
    with pytest.raises(IPCTimeoutError) as raised:
        await ask(client, timeout_seconds=0.05)
    assert raised.value.details == {"channel": QUESTIONS_GET.name, "outcome": "unknown"}


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = HTTPClient(port, TOKEN)
    with pytest.raises(ConnectionLostError) as raised:
        await ask(client)
    assert raised.value.details == {"outcome": "not sent"}
    await client.close()


async def answer_with(data: bytes) -> tuple[asyncio.Server, HTTPClient]:
    """A server that answers a request with just this, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(data)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, HTTPClient(server.sockets[0].getsockname()[1], TOKEN)


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b"what?"])
async def test_an_answer_cut_short_leaves_the_outcome_unknown(data: bytes) -> None:
    server, client = await answer_with(data)
    async with server:
        with pytest.raises(ConnectionLostError) as raised:
            await ask(client)
    assert raised.value.details == {"outcome": "unknown"}
    await client.close()


async def test_a_server_that_turns_away_by_itself_did_nothing() -> None:
    busy = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"
    server, client = await answer_with(busy)
    async with server:
        with pytest.raises(ConnectionLostError) as raised:
            await ask(client)
    assert raised.value.details == {"outcome": "not sent"}
    await client.close()


async def test_an_answer_of_something_else_is_an_error_of_ours() -> None:
    other = b"HTTP/1.1 418 I'm a teapot\r\nContent-Length: 3\r\n\r\ntea"
    server, client = await answer_with(other)
    async with server:
        with pytest.raises(InternalError) as raised:
            await ask(client)
    assert raised.value.details == {"status": 418}
    await client.close()


async def test_events_come_until_the_way_is_closed(client: HTTPClient, way: HTTPWay) -> None:
    async with client.events() as events:
        way.events.publish(Event(topic="sessions", ids=("1",)))
        assert await anext(events) == Event(topic="sessions", ids=("1",))
        way.close()
        assert [event async for event in events] == []


async def test_rubbish_among_the_events_is_an_error() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:\n\n"
    server, client = await answer_with(head + b"data: {\n\n")
    async with server:
        with pytest.raises(InternalError):
            async with client.events() as events:
                await anext(events)
    await client.close()


async def test_no_proxy_sees_what_is_asked(way: HTTPWay, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    client = HTTPClient(way.port.port, TOKEN)
    assert await ask(client) == bytes(PAYLOAD)
    await client.close()
