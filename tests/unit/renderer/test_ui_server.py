"""The page's server: real HTTP and real sockets, for the right browser alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from renderer.admission import Admission, Keys
from renderer.data_service.service import DataService
from renderer.page_files import PageFiles, ProblemPage, path_of
from renderer.ui_server import UIServer, serve
from shared_contracts.channels import Channel
from shared_contracts.envelope import MAX_MESSAGE_BYTES, Event, IPCError
from shared_contracts.ports import address_of, listen
from shared_contracts.problem import Problem

KEYS = Keys("boot-token", "interview_app_1", "cookie-secret")
CHOSEN = path_of("safe-mode")
COOKIE = {"Cookie": "interview_app_1=cookie-secret"}


class Held:
    """Answers a request once its number is let go."""

    def __init__(self) -> None:
        self.gates = {number: asyncio.Event() for number in range(10)}

    async def request(self, _: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        number = msgspec.json.decode(payload)
        if number in self.gates:
            await self.gates[number].wait()
        return payload


class Served:
    """A running server."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.access = Held()
        self.sound: list[bytes] = []
        self.service = DataService(self.access, self._take)
        self.http = httpx.AsyncClient(base_url=f"http://{address}")

    async def _take(self, piece: bytes) -> None:
        self.sound.append(piece)

    def open_socket(self, **headers: str) -> AbstractAsyncContextManager[ClientConnection]:
        asked = {"Origin": f"http://{self.address}"} | COOKIE | headers
        named = asked.pop("Host", self.address)
        host, _, port = self.address.partition(":")
        return connect(
            f"ws://{named}{asked.pop('path', '/ws')}",
            host=host,
            port=int(port),
            additional_headers={name: value for name, value in asked.items() if value},
            proxy=None,
            max_size=None,
        )


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    (tmp_path / "index.html").write_text("<!doctype html><title>Page</title>")
    with listen(0, "") as listener:
        address = address_of(listener)
        served = Served(address)
        admission = Admission(KEYS, (address,))
        app = UIServer(address, admission, PageFiles((tmp_path,)), served.service)
        stop, started = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(serve(app, listener, stop, started.set))
        await started.wait()
        async with served.http:
            yield served
        stop.set()
        await serving


def request(number: int, *, payload: object = None) -> str:
    message = {
        "id": str(number),
        "timestamp": 1,
        "channel": "db:drafts:save",
        "payload": number if payload is None else payload,
    }
    return msgspec.json.encode(message).decode()


async def response_id(socket: ClientConnection) -> str:
    return str(msgspec.json.decode(await socket.recv())["id"])


async def read_to_the_end(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_the_one_time_address_opens_the_page_once(served: Served) -> None:
    assert (await served.http.head("/boot?t=boot-token")).status_code == 403, "a look is no use"
    booted = await served.http.get("/boot?t=boot-token")
    assert (booted.status_code, booted.headers["location"]) == (303, "/")
    assert served.http.cookies["interview_app_1"] == "cookie-secret"
    page = await served.http.get("/")
    assert (page.status_code, page.text) == (200, "<!doctype html><title>Page</title>")
    assert (await served.http.get("/")).status_code == 200, "a reload works"
    assert (await served.http.get("/boot?t=boot-token")).status_code == 303, "so does going back"
    served.http.cookies.clear()
    again = await served.http.get("/boot?t=boot-token")
    assert again.status_code == 403
    assert "start the app again" in again.text
    assert "set-cookie" not in again.headers


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {}, 403),
        ("/", {"Cookie": "interview_app_1=guessed"}, 403),
        ("/boot", {}, 403),
        ("/boot?t=guessed", {}, 403),
        ("/", COOKIE | {"Host": "evil.example"}, 421),
        ("/", COOKIE | {"Origin": "https://evil.example"}, 421),
        ("/boot?t=boot-token", {"Host": "localhost"}, 421),
        ("/boot?t=boot-token", {"Origin": "null"}, 421),
        ("/not/there", COOKIE, 404),
        ("/%2e%2e/%2e%2e/etc/passwd", COOKIE, 404),
        ("/ws", COOKIE, 404),
    ],
)
async def test_all_others_are_refused(
    served: Served, path: str, headers: dict[str, str], status: int
) -> None:
    answer = await served.http.get(path, headers=headers)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
async def test_the_page_can_only_be_read(served: Served, method: str) -> None:
    assert (await served.http.request(method, "/", headers=COOKIE)).status_code == 405


@pytest.mark.parametrize("path", ["/", "/not/there", "/boot?t=guessed", "/boot?t=boot-token"])
async def test_every_answer_carries_the_policy(served: Served, path: str) -> None:
    headers = (await served.http.get(path, headers=COOKIE)).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Cookie": "interview_app_1=guessed"},
        {"Origin": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"path": "/"},
    ],
)
async def test_a_strange_socket_is_refused(served: Served, headers: dict[str, str]) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with served.open_socket(**headers):
            pass
    assert refused.value.response.status_code == 403


async def test_requests_are_answered_as_they_are_done(served: Served) -> None:
    async with served.open_socket() as socket:
        await socket.send(request(1))
        await socket.send(request(2))
        served.access.gates[2].set()
        assert await response_id(socket) == "2"
        served.access.gates[1].set()
        assert await response_id(socket) == "1"


async def test_a_frame_that_is_too_large_is_answered_and_the_socket_stays(served: Served) -> None:
    async with served.open_socket() as socket:
        await socket.send(request(20, payload="x" * MAX_MESSAGE_BYTES))
        assert msgspec.json.decode(await socket.recv())["error"]["code"] == "IPC004"
        await socket.send(request(21))
        assert await response_id(socket) == "21"


@pytest.mark.parametrize("message", ["", "{", "{}"])
async def test_rubbish_is_answered_and_the_socket_stays(served: Served, message: str) -> None:
    async with served.open_socket() as socket:
        await socket.send(message)
        assert msgspec.json.decode(await socket.recv())["error"]["code"] == "VAL001"
        await socket.send(request(21))
        assert await response_id(socket) == "21"


async def test_bytes_are_sound_that_is_passed_on_in_its_order(served: Served) -> None:
    async with served.open_socket() as socket:
        for piece in (b"first", b"second", b"x" * 100_000):
            await socket.send(piece)
        await socket.send(request(21))
        assert await response_id(socket) == "21"
    assert served.sound == [b"first", b"second"]


async def test_a_recording_is_played_to_the_page_alone(served: Served) -> None:
    path = f"/recordings/{uuid4()}.wav"
    assert (await served.http.get(path)).status_code == 403
    strange = COOKIE | {"Origin": "http://elsewhere.example"}
    assert (await served.http.get(path, headers=strange)).status_code == 421


async def test_every_open_page_hears_of_changes(served: Served) -> None:
    async with served.open_socket() as first, served.open_socket() as second:
        for socket in (first, second):
            await socket.send(request(21))
            await response_id(socket)
        served.service.publish(Event(topic="sessions"))
        for socket in (first, second):
            assert msgspec.json.decode(await socket.recv())["topic"] == "sessions"


async def test_a_page_that_goes_away_leaves_its_questions_behind(served: Served) -> None:
    async with served.open_socket() as socket:
        await socket.send(request(1))
    async with served.open_socket() as socket:
        await socket.send(request(21))
        assert await response_id(socket) == "21"


async def test_a_page_that_reads_nothing_is_cut_off(served: Served) -> None:
    async with served.open_socket() as socket:
        await socket.send(request(21))
        await response_id(socket)
        event = Event(topic="sessions", ids=("x" * 1_000,) * 100)
        for _ in range(1_100):
            served.service.publish(event)
        with pytest.raises(ConnectionClosed):
            await read_to_the_end(socket)


@pytest.fixture
async def with_action(served: Served) -> AsyncIterator[tuple[httpx.AsyncClient, list[str]]]:
    """A server whose one plain page may post, and what it was asked."""
    asked: list[str] = []
    with listen(0, "") as listener:
        address = address_of(listener)
        error = IPCError(code="APP004", message="Oh.")
        problem = ProblemPage(Problem(title="Oh", error=error))
        actions = {CHOSEN: lambda: asked.append("safe mode")}
        app = UIServer(address, Admission(KEYS, (address,)), problem, served.service, actions)
        stop, started = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(serve(app, listener, stop, started.set))
        await started.wait()
        async with httpx.AsyncClient(base_url=f"http://{address}") as http:
            yield http, asked
        stop.set()
        await serving


async def test_a_plain_pages_form_may_be_posted_by_the_page_alone(
    with_action: tuple[httpx.AsyncClient, list[str]],
) -> None:
    http, asked = with_action
    ours = COOKIE | {"Origin": str(http.base_url)}
    for headers in ({}, COOKIE, {"Origin": ours["Origin"]}, COOKIE | {"Origin": "null"}):
        refused = await http.post(CHOSEN, headers=headers)
        assert refused.status_code in {403, 421}
    assert (await http.post("/other", headers=ours)).status_code == 405
    assert (await http.get(CHOSEN, headers=ours)).status_code == 404
    assert asked == []
    done = await http.post(CHOSEN, headers=ours)
    assert done.status_code == 200
    assert done.headers["Refresh"].endswith("url=/"), "a browser's page comes back by itself"
    assert asked == ["safe mode"]
    page = await http.get("/", headers=ours)
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]


async def test_nothing_can_be_posted_to_the_app_itself(served: Served) -> None:
    ours = COOKIE | {"Origin": f"http://{served.address}"}
    assert (await served.http.post(CHOSEN, headers=ours)).status_code == 405
    page = await served.http.get("/", headers=ours)
    assert "form-action 'none'" in page.headers["Content-Security-Policy"]
