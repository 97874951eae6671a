"""The socket while it is there, HTTP while it is lost, and nothing done twice in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from renderer.data_service.ways import DATA_TOPICS, Ways
from shared_contracts.channels import QUESTIONS_CREATE, QUESTIONS_GET, SETTINGS_GET, Channel
from shared_contracts.envelope import Event, RawRequest, Way
from shared_contracts.errors import AppError, ConnectionLostError
from tests.http_way import HTTPWay
from tests.unit.renderer.conftest import MainProcess

SECONDS = 20.0
PAYLOAD = msgspec.Raw(b"{}")


class Heard:
    """The ways under test, and what they tell."""

    def __init__(self, main: MainProcess, http: HTTPWay) -> None:
        self.main = main
        self.http = http
        self.turns: asyncio.Queue[tuple[Way, bool]] = asyncio.Queue()
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.ways = Ways(self.events.put_nowait, self._turn)
        self._server: asyncio.Server | None = None

    def connect(self, **settings: Any) -> None:  # noqa: ANN401
        port = self.http.port.port
        to = msgspec.structs.replace(self.main.connect, http_port=port, **settings)
        self.ways.connect(to)

    def ask(self, channel: Channel[Any, Any] = QUESTIONS_GET) -> asyncio.Task[msgspec.Raw]:
        return asyncio.create_task(self.ways.request(channel, PAYLOAD))

    async def turned(self) -> Way:
        return (await asyncio.wait_for(self.turns.get(), SECONDS))[0]

    async def answered_by_socket(self, asking: asyncio.Task[msgspec.Raw]) -> None:
        self.main.answer(await asyncio.wait_for(self.main.asked.get(), SECONDS), "socket")
        assert msgspec.json.decode(await asking) == "socket"

    async def answered_by_http(self, asking: asyncio.Task[msgspec.Raw]) -> None:
        assert bytes(await asyncio.wait_for(asking, SECONDS)) == bytes(PAYLOAD)
        self.http.asked.get_nowait()

    def lose_socket(self) -> None:
        """Nobody new gets in, and who was in is out."""
        self.http.is_open = True
        Path(self.main.connect.socket).unlink()
        self.main.hang_up()

    async def find_socket(self) -> None:
        self._server = await asyncio.start_unix_server(self.main.serve, self.main.connect.socket)
        self.http.close()

    async def close(self) -> None:
        await self.ways.close()
        if self._server:
            self._server.close()

    def _turn(self, way: Way, *, chosen: bool) -> None:
        self.turns.put_nowait((way, chosen))


@pytest.fixture
async def heard(main_process: MainProcess) -> AsyncIterator[Heard]:
    async with HTTPWay.open() as http:
        http.is_open = False
        heard = Heard(main_process, http)
        yield heard
        await heard.close()


@pytest.fixture
async def connected(heard: Heard) -> Heard:
    heard.connect()
    assert await heard.turns.get() == ("ipc", False)
    return heard


@pytest.fixture
async def fallen_back(connected: Heard) -> Heard:
    connected.lose_socket()
    assert [await connected.turned() for _ in range(2)] == ["none", "http"]
    return connected


def topics(events: asyncio.Queue[Event]) -> set[str]:
    return {events.get_nowait().topic for _ in range(events.qsize())}


async def test_the_socket_is_asked_and_http_is_left_alone(connected: Heard) -> None:
    await connected.answered_by_socket(connected.ask())
    assert connected.http.knocks.empty()
    assert connected.events.empty(), "nothing was missed before the first connection"


async def test_a_request_waits_for_the_first_way(heard: Heard) -> None:
    asking = heard.ask()
    await asyncio.sleep(0)
    heard.connect()
    await heard.answered_by_socket(asking)


async def test_when_the_socket_is_lost_http_is_asked_and_everything_read_anew(
    fallen_back: Heard,
) -> None:
    assert topics(fallen_back.events) == set(DATA_TOPICS)
    await fallen_back.answered_by_http(fallen_back.ask())
    await fallen_back.answered_by_http(fallen_back.ask(QUESTIONS_CREATE))


async def test_events_are_heard_over_http_meanwhile(fallen_back: Heard) -> None:
    topics(fallen_back.events)
    fallen_back.http.events.publish(Event(topic="sessions", ids=("1",)))
    assert await fallen_back.events.get() == Event(topic="sessions", ids=("1",))


async def test_when_the_socket_is_back_it_is_asked_again(fallen_back: Heard) -> None:
    topics(fallen_back.events)
    await fallen_back.find_socket()
    while await fallen_back.turned() != "ipc":
        pass
    await fallen_back.answered_by_socket(fallen_back.ask())
    assert topics(fallen_back.events) == set(DATA_TOPICS)


async def test_a_query_on_its_way_when_the_socket_is_lost_is_asked_over_http(
    connected: Heard,
) -> None:
    asking = connected.ask()
    await connected.main.asked.get()
    connected.lose_socket()
    await connected.answered_by_http(asking)


async def test_a_command_on_its_way_is_not_sent_again(connected: Heard) -> None:
    asking = connected.ask(QUESTIONS_CREATE)
    await connected.main.asked.get()
    connected.lose_socket()
    with pytest.raises(ConnectionLostError) as raised:
        await asking
    assert raised.value.details == {"outcome": "unknown"}
    assert connected.http.asked.empty()


async def test_a_command_made_while_there_is_no_way_is_sent_once_there_is_one(
    connected: Heard,
) -> None:
    connected.lose_socket()
    assert await connected.turned() == "none"
    await connected.answered_by_http(connected.ask(QUESTIONS_CREATE))


async def test_a_command_over_http_that_may_be_done_is_not_sent_again(
    fallen_back: Heard,
) -> None:
    async def die(_: RawRequest) -> object:
        fallen_back.http.is_open = False
        raise SystemError

    fallen_back.http.answer = die
    with pytest.raises(AppError):
        await fallen_back.ask(QUESTIONS_CREATE)
    assert fallen_back.http.asked.qsize() == 1
    assert fallen_back.main.asked.empty()


async def test_a_command_that_http_turned_away_is_sent_over_the_socket(
    fallen_back: Heard,
) -> None:
    """As when the socket is back in the very moment."""
    fallen_back.http.is_open = False
    asking = fallen_back.ask(QUESTIONS_CREATE)
    while await fallen_back.http.knocks.get() != QUESTIONS_CREATE.name:
        pass
    await fallen_back.find_socket()
    await fallen_back.answered_by_socket(asking)
    assert fallen_back.http.asked.empty()


async def test_without_any_way_a_request_was_not_sent(heard: Heard) -> None:
    hasty = Channel("db:questions:create", "command", dict, dict, timeout_seconds=0.05)
    with pytest.raises(ConnectionLostError) as raised:
        await heard.ask(hasty)
    assert raised.value.details == {"outcome": "not sent"}


async def test_a_query_that_costs_every_connection_is_given_up(connected: Heard) -> None:
    asking = connected.ask()
    for _ in range(3):
        await connected.main.asked.get()
        connected.main.hang_up()
    with pytest.raises(ConnectionLostError):
        await asyncio.wait_for(asking, SECONDS)


async def test_without_ipc_everything_goes_over_http(heard: Heard) -> None:
    heard.http.is_open = True
    heard.connect(use_ipc=False)
    assert await heard.turns.get() == ("http", True)
    await heard.answered_by_http(heard.ask())
    heard.http.events.publish(Event(topic="sessions"))
    assert (await heard.events.get()).topic == "sessions"
    assert not heard.main.greeted.is_set()


async def test_without_ipc_http_is_tried_until_it_is_there(heard: Heard) -> None:
    heard.connect(use_ipc=False)
    await heard.http.knocks.get()
    heard.http.is_open = True
    assert await heard.turned() == "http"
    heard.http.close()
    assert await heard.turned() == "none"


async def test_a_channel_can_go_over_http_by_itself(heard: Heard) -> None:
    heard.http.is_open = True
    heard.connect(http_channels=(QUESTIONS_GET.name,))
    assert await heard.turned() == "ipc"
    await heard.answered_by_http(heard.ask())
    await heard.answered_by_socket(heard.ask(SETTINGS_GET))
    heard.main.send(Event(topic="sessions"))
    assert (await heard.events.get()).topic == "sessions"


async def test_such_a_channel_goes_over_the_socket_when_http_turns_it_away(heard: Heard) -> None:
    heard.connect(http_channels=(QUESTIONS_CREATE.name,))
    assert await heard.turned() == "ipc"
    await heard.answered_by_socket(heard.ask(QUESTIONS_CREATE))
    assert heard.http.asked.empty()


async def test_closing_leaves_nothing_behind(fallen_back: Heard) -> None:
    await fallen_back.ways.close()
    names = {task.get_name() for task in asyncio.all_tasks()}
    assert not names & {"ipc-client", "http-events"}
