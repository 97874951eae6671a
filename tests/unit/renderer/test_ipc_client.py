"""Requests get their answers, in any order, or are told what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from structlog.contextvars import bound_contextvars
from structlog.testing import capture_logs

from renderer.ipc_client import MAX_IN_FLIGHT, IPCClient
from shared_contracts.channels import TOPICS
from shared_contracts.child_process import Connect
from shared_contracts.envelope import (
    MAX_MESSAGE_BYTES,
    Cancel,
    Event,
    IPCError,
    RawResponse,
    Subscribe,
)
from shared_contracts.errors import (
    ConflictError,
    ConnectionLostError,
    FrameTooLargeError,
    IPCTimeoutError,
    ValidationFailedError,
)
from shared_contracts.framing import frame
from tests.unit.renderer.conftest import MainProcess

PAYLOAD = msgspec.Raw(b'{"limit":50}')
SECONDS = 20.0


class Heard:
    """The events a client passed on."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.attempts: asyncio.Queue[bool] = asyncio.Queue()
        self.client = IPCClient(self.events.put_nowait, self._attempted)

    def _attempted(self) -> None:
        self.attempts.put_nowait(self.client.is_connected)

    async def ask(self, timeout_seconds: float = SECONDS) -> object:
        data = await self.client.request("db:questions:get", PAYLOAD, timeout_seconds)
        return msgspec.json.decode(data)


@pytest.fixture
async def heard() -> AsyncIterator[Heard]:
    heard = Heard()
    yield heard
    await heard.client.close()


@pytest.fixture
async def connected(heard: Heard, main_process: MainProcess) -> Heard:
    heard.client.connect(main_process.connect)
    await main_process.greeted.wait()
    return heard


async def test_the_payload_arrives_as_it_was_sent(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = asyncio.create_task(connected.ask())
    request = await main_process.asked.get()
    assert (request.channel, bytes(request.payload)) == ("db:questions:get", bytes(PAYLOAD))
    main_process.answer(request, {"items": []})
    assert await asking == {"items": []}


async def test_a_request_bears_the_id_of_the_page_that_it_is_for(
    connected: Heard, main_process: MainProcess
) -> None:
    with bound_contextvars(request="k3j9x-7"):
        asking = [asyncio.create_task(connected.ask()) for _ in range(2)]
    requests = [await main_process.asked.get() for _ in asking]
    assert [request.id for request in requests] == ["k3j9x-7", "1"], "two at once are told apart"
    for request in requests:
        main_process.answer(request, request.id)
    assert await asyncio.gather(*asking) == ["k3j9x-7", "1"]
    with bound_contextvars(request="k3j9x-7"):
        asking_again = asyncio.create_task(connected.ask())
    again = await main_process.asked.get()
    assert again.id == "k3j9x-7"
    main_process.answer(again)
    await asking_again


@pytest.mark.parametrize("odd", ["hello", "2", "", "x" * 65, "a b-1", "é-1"])
async def test_an_id_that_no_page_of_ours_makes_is_not_passed_on(
    connected: Heard, main_process: MainProcess, odd: str
) -> None:
    with bound_contextvars(request=odd):
        asking = asyncio.create_task(connected.ask())
    request = await main_process.asked.get()
    assert request.id == "1"
    main_process.answer(request)
    await asking


async def test_answers_find_their_requests_in_any_order(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = [asyncio.create_task(connected.ask()) for _ in range(20)]
    requests = [await main_process.asked.get() for _ in asking]
    for number, request in reversed(list(enumerate(requests))):
        main_process.answer(request, number)
    assert await asyncio.gather(*asking) == list(range(20))


async def test_a_request_waits_for_a_main_process_that_is_still_starting(
    heard: Heard, main_process: MainProcess
) -> None:
    asking = asyncio.create_task(heard.ask())
    heard.client.connect(main_process.connect)
    main_process.answer(await main_process.asked.get(), "late")
    assert await asking == "late"


async def test_a_slow_answer_is_given_up_on_and_ignored_when_it_comes(
    connected: Heard, main_process: MainProcess
) -> None:
    with pytest.raises(IPCTimeoutError):
        await connected.ask(timeout_seconds=0.05)
    main_process.answer(await main_process.asked.get(), "too late")
    asking = asyncio.create_task(connected.ask())
    main_process.answer(await main_process.asked.get(), "in time")
    assert await asking == "in time"


async def test_an_error_is_raised_as_it_was_on_the_other_side(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = asyncio.create_task(connected.ask())
    request = await main_process.asked.get()
    error = IPCError(code="DB006", message="It was renamed.", details={"current": 2})
    main_process.send(RawResponse(id=request.id, success=False, error=error))
    with pytest.raises(ConflictError, match="It was renamed") as raised:
        await asking
    assert raised.value.details == {"current": 2}


async def test_a_lost_connection_says_that_the_outcome_is_unknown_and_comes_back(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = asyncio.create_task(connected.ask())
    await main_process.asked.get()
    main_process.hang_up()
    with pytest.raises(ConnectionLostError) as raised:
        await asking
    assert raised.value.details == {"outcome": "unknown"}
    asking = asyncio.create_task(connected.ask())
    main_process.answer(await main_process.asked.get(), "back")
    assert await asking == "back"


async def test_it_is_told_how_each_attempt_to_connect_ended(
    heard: Heard, main_process: MainProcess
) -> None:
    heard.client.connect(Connect(socket="/nowhere/ipc.sock", token=""))
    assert not await heard.attempts.get()
    heard.client.connect(main_process.connect)
    assert await heard.attempts.get()
    main_process.hang_up()
    assert not await heard.attempts.get()
    assert await heard.attempts.get()


async def test_after_a_gap_everything_is_out_of_date(
    connected: Heard, main_process: MainProcess
) -> None:
    """Events may have been missed; but no window is raised for it."""
    main_process.hang_up()
    topics = {(await connected.events.get()).topic for _ in range(len(TOPICS) - 1)}
    assert topics == set(TOPICS) - {"window"}


async def test_without_a_main_process_a_request_was_not_sent(heard: Heard) -> None:
    heard.client.connect(Connect(socket="/nowhere/ipc.sock", token=""))
    with pytest.raises(ConnectionLostError) as raised:
        await heard.ask(timeout_seconds=0.1)
    assert raised.value.details == {"outcome": "not sent"}


async def test_a_wrong_token_is_no_connection(heard: Heard, main_process: MainProcess) -> None:
    heard.client.connect(Connect(socket=main_process.connect.socket, token="wrong"))
    with pytest.raises(ConnectionLostError):
        await heard.ask(timeout_seconds=0.2)


async def test_events_are_passed_on(connected: Heard, main_process: MainProcess) -> None:
    event = Event(topic="sessions", ids=("1",))
    main_process.send(event)
    assert await connected.events.get() == event


async def test_what_can_not_be_sent_leaves_the_connection_alone(
    connected: Heard, main_process: MainProcess
) -> None:
    too_large = msgspec.Raw(b'"' + b"x" * MAX_MESSAGE_BYTES + b'"')
    with pytest.raises(FrameTooLargeError):
        await connected.client.request("db:drafts:save", too_large, SECONDS)
    asking = asyncio.create_task(connected.ask())
    main_process.answer(await main_process.asked.get(), "fine")
    assert await asking == "fine"


@pytest.mark.parametrize(
    "rubbish",
    [
        b"\xff\xff\xff\xff\xff",
        b"\0\0\0\2\1{]",
        b"\0\0\0\1\1\xff",
        b"\0\0\0\1\4x",
        b"\0\0\0\1\3x",
        frame(b"{}"),
    ],
    ids=["length", "json", "text", "binary", "control", "no message"],
)
async def test_rubbish_from_main_ends_the_connection_and_not_the_client(
    connected: Heard, main_process: MainProcess, rubbish: bytes
) -> None:
    asking = asyncio.create_task(connected.ask())
    await main_process.asked.get()
    main_process.greeted.clear()
    main_process.send_bytes(rubbish)
    with pytest.raises(ConnectionLostError):
        await asking
    await main_process.greeted.wait()


async def cancelled(main_process: MainProcess) -> str:
    control = await main_process.controls.get()
    assert isinstance(control, Cancel)
    return control.id


async def test_who_stops_waiting_takes_the_request_back(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = asyncio.create_task(connected.ask())
    request = await main_process.asked.get()
    asking.cancel()
    assert await cancelled(main_process) == request.id


async def test_a_request_given_up_on_is_taken_back_too(
    connected: Heard, main_process: MainProcess
) -> None:
    with pytest.raises(IPCTimeoutError) as raised:
        await connected.ask(timeout_seconds=0.05)
    assert raised.value.details == {"channel": "db:questions:get", "outcome": "unknown"}
    assert await cancelled(main_process) == (await main_process.asked.get()).id


async def test_a_long_request_is_taken_back_after_it_has_arrived(
    connected: Heard, main_process: MainProcess
) -> None:
    long = msgspec.Raw(b'"' + b"x" * 3_000_000 + b'"')
    main_process.reads.clear()
    asking = asyncio.create_task(connected.client.request("db:drafts:save", long, SECONDS))
    await asyncio.sleep(0)
    asking.cancel()
    main_process.reads.set()
    request = await main_process.asked.get()
    assert bytes(request.payload) == bytes(long)
    assert await cancelled(main_process) == request.id


async def test_a_long_request_that_was_not_sent_whole_was_not_sent(
    connected: Heard, main_process: MainProcess
) -> None:
    long = msgspec.Raw(b'"' + b"x" * 8_000_000 + b'"')
    short_asking = asyncio.create_task(connected.ask())
    await main_process.asked.get()
    main_process.reads.clear()
    long_asking = asyncio.create_task(connected.client.request("db:drafts:save", long, SECONDS))
    await asyncio.sleep(0)
    main_process.hang_up()
    main_process.reads.set()
    short_one, long_one = await asyncio.gather(short_asking, long_asking, return_exceptions=True)
    assert isinstance(short_one, ConnectionLostError)
    assert isinstance(long_one, ConnectionLostError)
    assert (short_one.details, long_one.details) == (
        {"outcome": "unknown"},
        {"outcome": "not sent"},
    )


async def test_a_main_process_that_does_not_read_is_not_written_to_without_end(
    connected: Heard, main_process: MainProcess
) -> None:
    main_process.reads.clear()
    payload = msgspec.Raw(b'"' + b"x" * 100_000 + b'"')
    asking = [
        asyncio.create_task(connected.client.request("db:drafts:save", payload, 0.2))
        for _ in range(100)
    ]
    errors = await asyncio.gather(*asking, return_exceptions=True)
    outcomes = [error.details["outcome"] for error in errors if isinstance(error, IPCTimeoutError)]
    assert len(outcomes) == 100
    assert 0 < outcomes.count("unknown") < 15


async def test_more_than_a_bounded_number_of_requests_is_not_under_way(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = [asyncio.create_task(connected.ask()) for _ in range(MAX_IN_FLIGHT + 1)]
    requests = [await main_process.asked.get() for _ in range(MAX_IN_FLIGHT)]
    assert main_process.asked.empty()
    for request in requests:
        main_process.answer(request)
    main_process.answer(await main_process.asked.get())
    await asyncio.gather(*asking)


async def test_topics_can_be_left_out_and_taken_again_over_every_connection(
    connected: Heard, main_process: MainProcess
) -> None:
    async def told() -> set[str]:
        control = await main_process.controls.get()
        assert isinstance(control, Subscribe)
        main_process.send(RawResponse(id=control.id, success=True, data=msgspec.Raw(b"{}")))
        return set(control.topics)

    leaving = asyncio.create_task(connected.client.unsubscribe("health", "window"))
    assert await told() == set(TOPICS) - {"health", "window"}
    await leaving
    main_process.hang_up()
    assert await told() == set(TOPICS) - {"health", "window"}
    topics = {(await connected.events.get()).topic for _ in range(len(TOPICS) - 2)}
    assert topics == set(TOPICS) - {"health", "window"}
    coming = asyncio.create_task(connected.client.subscribe("health"))
    assert await told() == set(TOPICS) - {"window"}
    await coming


async def test_a_topic_that_there_is_not_is_refused(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = asyncio.create_task(connected.client.subscribe("gossip"))
    control = await main_process.controls.get()
    error = IPCError(code="VAL001", message="no")
    main_process.send(RawResponse(id=control.id, success=False, error=error))
    with pytest.raises(ValidationFailedError):
        await asking


async def test_a_last_word_of_main_answers_nobody(
    connected: Heard, main_process: MainProcess
) -> None:
    asking = asyncio.create_task(connected.ask())
    request = await main_process.asked.get()
    error = IPCError(code="IPC009", message="no")
    with capture_logs() as lines:
        main_process.send(RawResponse(id="", success=False, error=error))
        main_process.answer(request, "fine")
        assert await asking == "fine"
    assert [line["code"] for line in lines] == ["IPC009"]
