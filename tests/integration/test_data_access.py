"""Both ways of asking are the same to who asks: held to it against a real main process."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any, TypeVar
from uuid import uuid4

import msgspec
import pytest

from main_process.profile_folder import RunInfo
from renderer.data_service.data_access import DataAccessStrategy, HTTPDataAccess, IPCDataAccess
from renderer.http_client import HTTPClient
from renderer.ipc_client import IPCClient
from shared_contracts import channels
from shared_contracts.answers import DraftSaved, SaveDraft
from shared_contracts.channels import CHANNELS, Channel
from shared_contracts.child_process import Connect
from shared_contracts.envelope import Event
from shared_contracts.errors import (
    AppError,
    ConflictError,
    FrameTooLargeError,
    IPCTimeoutError,
    NotFoundError,
    UnknownChannelError,
    ValidationFailedError,
)
from shared_contracts.health import GetHealth
from shared_contracts.questions import GetCatalogue, GetQuestions
from shared_contracts.sessions import GetHistory, GetSession, InterviewSession, SaveSession
from shared_contracts.settings import GetSettings
from tests.end_to_end.app_driver import App
from tests.factories import EVERYTHING_SEEN, make_own_question, make_start

Request = TypeVar("Request")
Reply = TypeVar("Reply")
WAIT_SECONDS = 20
NOWHERE = Channel("db:secrets:get", "query", dict, dict)
HURRIED = Channel("db:questions:get", "query", dict, dict, timeout_seconds=0.05)


class Way:
    """One way of asking, with requests and replies as the contracts have them."""

    def __init__(self, access: DataAccessStrategy, events: asyncio.Queue[Event]) -> None:
        self.access = access
        self.events = events

    async def call(self, channel: Channel[Request, Reply], request: Request) -> Reply:
        return msgspec.json.decode(await self.ask(channel, request), type=channel.reply)

    async def ask(self, channel: Channel[Any, Any], request: object) -> bytes:
        return await self.send(channel, msgspec.json.encode(request))

    async def send(self, channel: Channel[Any, Any], payload: bytes) -> bytes:
        async with asyncio.timeout(WAIT_SECONDS):
            return bytes(await self.access.request(channel, msgspec.Raw(payload)))

    async def until_told(self, topic: str) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while (await self.events.get()).topic != topic:
                pass


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunInfo]:
    """A main process that both ways are open to."""
    profile = tmp_path_factory.mktemp("profile")
    app = App(profile, "headless", {"INTERVIEW_APP_USE_IPC": "false"})
    app.first_line()
    yield msgspec.json.decode((profile / "run.json").read_bytes(), type=RunInfo)
    app.stop()


@pytest.fixture
async def ipc(run: RunInfo) -> AsyncIterator[Way]:
    connected = asyncio.Event()
    events: asyncio.Queue[Event] = asyncio.Queue()
    client = IPCClient(events.put_nowait, connected.set)
    way = Way(IPCDataAccess(client), events)
    client.connect(Connect(socket=run.socket, token=run.token))
    await asyncio.wait_for(connected.wait(), WAIT_SECONDS)
    yield way
    await client.close()


@pytest.fixture
async def http(run: RunInfo) -> AsyncIterator[Way]:
    client = HTTPClient(run.http_port, run.token)
    way = Way(HTTPDataAccess(client), asyncio.Queue())
    listening = asyncio.Event()

    async def hear() -> None:
        async with client.events() as events:
            listening.set()
            async for event in events:
                way.events.put_nowait(event)

    hearing = asyncio.create_task(hear())
    await asyncio.wait_for(listening.wait(), WAIT_SECONDS)
    yield way
    hearing.cancel()
    await asyncio.wait([hearing])
    await client.close()


@pytest.fixture(params=["ipc", "http"])
def way(request: pytest.FixtureRequest, ipc: Way, http: Way) -> Way:
    """Each test that asks for it is made both ways."""
    return {"ipc": ipc, "http": http}[request.param]


async def begin(way: Way) -> InterviewSession:
    return await way.call(channels.SESSION_START, make_start())


async def test_what_is_saved_is_read_back(way: Way) -> None:
    session = await begin(way)
    text = "Escaping <b>matters</b>. 🙂 שלום \u2028 \\ \" ' ; DROP TABLE answers; --\n" * 3_000
    saved = await way.call(
        channels.DRAFTS_SAVE,
        SaveDraft(session_question_id=session.questions[0].id, text=text, elapsed_ms=5),
    )
    assert isinstance(saved, DraftSaved)
    again = await way.call(channels.SESSION_GET, GetSession(session_id=session.id))
    assert again.questions[0].draft == text


@pytest.mark.parametrize(
    ("channel", "request_"),
    [
        (channels.QUESTIONS_GET, GetQuestions(limit=200)),
        (channels.CATALOGUE_GET, GetCatalogue()),
        (channels.SESSION_HISTORY, GetHistory(limit=200)),
        (channels.SETTINGS_GET, GetSettings()),
        (channels.HEALTH_GET, GetHealth()),
    ],
)
async def test_both_ways_bring_the_same_bytes(
    ipc: Way, http: Way, channel: Channel[Any, Any], request_: object
) -> None:
    await begin(http)
    assert await ipc.ask(channel, request_) == await http.ask(channel, request_)


async def test_many_answers_find_their_requests(way: Way) -> None:
    payloads = [GetQuestions(limit=limit) for limit in range(1, 101)]
    pages = await asyncio.gather(*(way.call(channels.QUESTIONS_GET, each) for each in payloads))
    assert [len(page.items) for page in pages] == list(range(1, 101))


async def test_a_change_is_heard_of_by_both(ipc: Way, http: Way, way: Way) -> None:
    await way.call(channels.QUESTIONS_CREATE, make_own_question())
    await ipc.until_told("questions")
    await http.until_told("questions")


async def test_who_gives_up_does_not_stop_the_others(way: Way) -> None:
    asking = [asyncio.create_task(way.ask(channels.QUESTIONS_GET, {})) for _ in range(10)]
    await asyncio.sleep(0)
    for task in asking[::2]:
        task.cancel()
    results = await asyncio.gather(*asking, return_exceptions=True)
    assert len({result for result in results if isinstance(result, bytes)}) == 1
    assert sum(isinstance(result, asyncio.CancelledError) for result in results) == 5


async def refusal(way: Way, channel: Channel[Any, Any], payload: bytes) -> AppError:
    with pytest.raises(AppError) as raised:
        await way.send(channel, payload)
    return raised.value


REFUSED: dict[str, tuple[Channel[Any, Any], bytes, type[AppError]]] = {
    "an id of nothing": (
        channels.SESSION_GET,
        msgspec.json.encode(GetSession(session_id=uuid4())),
        NotFoundError,
    ),
    "an unknown field": (channels.QUESTIONS_GET, b'{"colour": "red"}', ValidationFailedError),
    "a wrong type": (channels.QUESTIONS_GET, b'{"limit": "many"}', ValidationFailedError),
    "out of bounds": (channels.QUESTIONS_GET, b'{"limit": 201}', ValidationFailedError),
    "no object": (channels.QUESTIONS_GET, b"[]", ValidationFailedError),
    "too deep": (channels.QUESTIONS_GET, b"[" * 30_000 + b"]" * 30_000, ValidationFailedError),
    "too large": (channels.QUESTIONS_GET, b'"' + b"x" * 65_536 + b'"', FrameTooLargeError),
    "no channel": (NOWHERE, b"{}", UnknownChannelError),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_is_the_same_both_ways(ipc: Way, http: Way, name: str) -> None:
    channel, payload, kind = REFUSED[name]
    over_ipc, over_http = (
        await refusal(ipc, channel, payload),
        await refusal(http, channel, payload),
    )
    assert type(over_ipc) is type(over_http) is kind
    assert over_ipc.message == over_http.message
    if kind is ValidationFailedError:
        assert over_ipc.details == over_http.details
        assert over_ipc.details.keys() >= {"field", "reason"}


async def test_a_conflict_brings_what_is_there_now(way: Way) -> None:
    session = await begin(way)
    stale = SaveSession(session_id=session.id, revision=session.revision + 1, title="Mine")
    with pytest.raises(ConflictError) as raised:
        await way.call(channels.SESSION_SAVE, stale)
    assert raised.value.details["current"]["id"] == str(session.id)


async def test_a_channels_time_is_kept(way: Way, run: RunInfo) -> None:
    os.kill(run.pid, signal.SIGSTOP)  # So that nothing can be answered in time.
    try:
        with pytest.raises(IPCTimeoutError):
            await way.send(HURRIED, b"{}")
    finally:
        os.kill(run.pid, signal.SIGCONT)
    assert await way.ask(channels.QUESTIONS_GET, GetQuestions())


async def test_what_one_way_wrote_the_other_reads(ipc: Way, http: Way) -> None:
    session = await begin(ipc)
    question = session.questions[0].id
    for text, way in (("over ipc", ipc), ("over http", http)):
        draft = SaveDraft(
            session_question_id=question, text=text, elapsed_ms=1, seen_at=EVERYTHING_SEEN
        )
        await way.call(channels.DRAFTS_SAVE, draft)
    again = await ipc.call(channels.SESSION_GET, GetSession(session_id=session.id))
    assert again.questions[0].draft == "over http"


async def test_every_channel_is_open_both_ways(ipc: Way, http: Way) -> None:
    """A payload that none of them takes is refused by each of them, and not the channel."""
    for channel in CHANNELS.values():
        for way in (ipc, http):
            assert type(await refusal(way, channel, b'{"?": 1}')) is ValidationFailedError
