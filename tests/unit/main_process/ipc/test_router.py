"""The router answers every message, with data or with a code, and tells of what was committed."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.contextvars import get_contextvars
from structlog.testing import capture_logs

from main_process.database import Transaction
from main_process.handlers import ROUTES, Route
from main_process.ipc.router import Caller, Router
from main_process.services import Services
from shared_contracts.answers import SaveAnswer
from shared_contracts.channels import ANSWERS_SAVE, CHANNELS, Channel
from shared_contracts.contract import Contract
from shared_contracts.envelope import MAX_MESSAGE_BYTES, Event, RawResponse
from shared_contracts.errors import NotFoundError
from shared_contracts.health import Done
from tests import steps

SECRET = "the words of an answer"


class Note(Contract):
    """What the channels of these tests take and give."""

    text: str = ""


def route(handler: Callable[[Services, Note], object], **options: Any) -> Route:  # noqa: ANN401
    channel = Channel("app:note:keep", "command", Note, Done, ("questions",), **options)
    return channel, handler


def message(payload: object, channel: str = "app:note:keep", **fields: object) -> bytes:
    envelope = {"id": "7", "timestamp": 1.5, "channel": channel, "payload": payload}
    return json.dumps(envelope | fields).encode()


async def ask(app: Services, body: bytes, *routes: Route) -> RawResponse:
    response = await Router(app, routes or ROUTES).answer(body)
    return msgspec.json.decode(response, type=RawResponse)


async def refusal(app: Services, body: bytes, *routes: Route) -> tuple[str, str, Any]:
    """The id, code and details of the error that must come back."""
    response = await ask(app, body, *routes)
    assert not response.success
    assert response.error
    assert response.error.message
    assert response.error.remedy
    return response.id, response.error.code, response.error.details


async def test_a_request_is_answered_under_its_id(app: Services) -> None:
    response = await ask(app, message({}, "db:catalogue:get", id="é-1"))
    assert (response.id, response.success, response.error) == ("é-1", True, None)
    assert len(json.loads(bytes(response.data))["topics"]) == 3


@pytest.mark.parametrize(
    ("body", "answered", "field"),
    [
        (b"", "", ""),
        (b"no json", "", ""),
        (b"[]", "", ""),
        (b'"\xff"', "", ""),
        (b"[" * 100_000, "", ""),
        (message(0).replace(b": 0", b": " + b"[" * 100_000), "7", ""),
        (b'{"id": "7", "timestamp": 1, "channel": "app:note:keep"}', "7", "payload"),
        (message({}, id=""), "", "id"),
        (message({}, id=7), "", "id"),
        (message({}, id="x" * 65), "", "id"),
        (message({}, timestamp="now"), "7", "timestamp"),
        (message({}, "x" * 81), "7", "channel"),
        (message({}, colour="red"), "7", "colour"),
    ],
)
async def test_what_is_no_request_is_val001_under_its_id_if_it_has_one(
    app: Services, body: bytes, answered: str, field: str
) -> None:
    request_id, code, details = await refusal(app, body)
    assert (request_id, code) == (answered, "VAL001")
    assert field in details["field"] + details["reason"]


@pytest.mark.parametrize(
    "payload", [None, 7, "text", [], [{}], {"colour": "red"}, {"text": {"deep": {}}}]
)
async def test_a_payload_of_the_wrong_form_is_val001_on_every_channel(
    app: Services, payload: object
) -> None:
    for channel in CHANNELS:
        request_id, code, _ = await refusal(app, message(payload, channel))
        assert (request_id, code) == ("7", "VAL001"), channel


async def test_the_field_its_value_and_the_reason_are_for_the_caller_and_not_for_the_log(
    app: Services,
) -> None:
    payload = {"session_question_id": SECRET, "text": SECRET, "elapsed_ms": 1}
    with capture_logs() as lines:
        response = await ask(app, message(payload, "db:answers:save"))
    assert response.error
    assert response.error.details == {
        "field": "session_question_id",
        "value": f'"{SECRET}"',
        "reason": "Invalid UUID",
    }
    assert SECRET not in response.error.message
    assert SECRET not in str(lines)


@pytest.mark.parametrize("channel", ["", "db:nothing:get", "DB:CATALOGUE:GET", "__class__", "🙂"])
async def test_a_channel_that_is_not_in_the_table_is_ipc002(app: Services, channel: str) -> None:
    assert await refusal(app, message({}, channel)) == ("7", "IPC002", {"channel": channel})


async def test_a_payload_over_the_channels_limit_is_ipc004(app: Services) -> None:
    async def keep(_: Services, __: Note) -> Done:
        return Done()

    line = route(keep, max_bytes=100)
    fits = message({"text": "x" * (100 - len('{"text": ""}'))})
    assert (await ask(app, fits, line)).success
    too_long = message({"text": "x" * (101 - len('{"text": ""}'))})
    assert await refusal(app, too_long, line) == ("7", "IPC004", {"bytes": 101, "limit": 100})


async def test_a_response_that_no_frame_holds_is_ipc004(app: Services) -> None:
    async def tell(_: Services, __: Note) -> Note:
        return Note(text="x" * MAX_MESSAGE_BYTES)

    assert (await refusal(app, message({}), route(tell)))[:2] == ("7", "IPC004")


async def test_a_handler_that_takes_too_long_is_ended_with_ipc001(app: Services) -> None:
    ended = asyncio.Event()

    async def dawdle(_: Services, __: Note) -> Done:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Done()

    line = route(dawdle, timeout_seconds=0.01)
    assert await refusal(app, message({}), line) == ("7", "IPC001", {"seconds": 0.01})
    assert ended.is_set()


async def test_a_mistake_of_ours_is_app003_and_quotes_nobody(app: Services) -> None:
    async def stumble(_: Services, note: Note) -> Done:
        raise KeyError(note.text)

    with capture_logs() as lines:
        response = await ask(app, message({"text": SECRET}), route(stumble))
    assert response.error
    assert response.error.code == "APP003"
    assert SECRET not in str(response.error)
    assert [line["event"] for line in lines] == ["handler failed", "refused"]
    # What an exception says is left out where lines are written: see json_formatter.
    assert SECRET not in str([{**line, "exc_info": None} for line in lines])


async def test_a_handlers_own_error_comes_through(app: Services) -> None:
    async def look(_: Services, __: Note) -> Done:
        raise NotFoundError(details={"id": "5"})

    assert await refusal(app, message({}), route(look)) == ("7", "DB007", {"id": "5"})


async def test_a_change_is_told_only_when_it_was_made(app: Services) -> None:
    told: list[Event] = []
    app.events.subscribe(told.append)

    async def keep(_: Services, note: Note) -> Done:
        if not note.text:
            raise NotFoundError
        return Done()

    await ask(app, message({}), route(keep))
    assert told == []
    await ask(app, message({"text": "this"}), route(keep))
    assert told == [Event(topic="questions")]


async def test_a_handler_that_need_not_wait_is_answered_at_once(app: Services) -> None:
    answers: list[bytes] = []

    def keep(_: Services, note: Note) -> Note:
        return note

    Router(app, [route(keep)]).begin(
        memoryview(message({"text": "now"})), Caller("", answers.append)
    )
    assert msgspec.json.decode(answers[0], type=RawResponse).success


async def test_every_line_of_a_request_names_it(app: Services) -> None:
    seen: list[dict[str, Any]] = []

    def keep(_: Services, __: Note) -> Done:
        seen.append(get_contextvars())
        return Done()

    async def keep_later(_: Services, note: Note) -> Done:
        return keep(_, note)

    for handler in (keep, keep_later):
        await ask(app, message({}, id="here"), route(handler))
    assert seen == [{"request": "here"}] * 2
    assert get_contextvars() == {}


async def test_who_asks_too_often_is_told_when_to_come_again(app: Services) -> None:
    def keep(_: Services, __: Note) -> Done:
        return Done()

    router = Router(app, [route(keep, per_second=0.5, burst=2)])
    asked = [await router.answer(message({}), "one") for _ in range(3)]
    *fine, refused = (msgspec.json.decode(each, type=RawResponse) for each in asked)
    assert all(each.success for each in fine)
    assert refused.error
    assert refused.error.code == "RATE001"
    assert 1_000 < refused.error.details["retry_after_ms"] <= 2_000
    other = msgspec.json.decode(await router.answer(message({}), "another"), type=RawResponse)
    assert other.success


async def test_what_is_under_way_too_often_is_refused_until_some_of_it_ended(
    app: Services,
) -> None:
    go = asyncio.Event()

    async def keep(_: Services, __: Note) -> Done:
        await go.wait()
        return Done()

    router = Router(app, [route(keep, at_once=1)])
    first = asyncio.create_task(router.answer(message({})))
    await asyncio.sleep(0)
    refused = msgspec.json.decode(await router.answer(message({})), type=RawResponse)
    assert refused.error
    assert (refused.error.code, refused.error.details) == ("IPC006", {"limit": 1})
    go.set()
    assert msgspec.json.decode(await first, type=RawResponse).success
    assert msgspec.json.decode(await router.answer(message({})), type=RawResponse).success


async def test_an_id_that_is_under_way_is_not_taken_twice(app: Services) -> None:
    answers: list[RawResponse] = []
    go = asyncio.Event()

    async def keep(_: Services, __: Note) -> Done:
        await go.wait()
        return Done()

    caller = Caller("", lambda body: answers.append(msgspec.json.decode(body, type=RawResponse)))
    router = Router(app, [route(keep)])
    router.begin(memoryview(message({})), caller)
    router.begin(memoryview(message({})), caller)
    assert answers[0].error
    assert answers[0].error.details["field"] == "id"
    go.set()
    await asyncio.wait([call.task for call in caller.calls.values() if call.task])
    assert [answer.success for answer in answers] == [False, True]


@pytest.mark.parametrize("is_given_up_by", ["the caller", "the clock"])
async def test_a_write_in_line_is_carried_out_whole_and_told_when_nobody_waits_for_it(
    app: Services, is_given_up_by: str
) -> None:
    begun = threading.Event()
    go_on = threading.Event()

    def work(tx: Transaction) -> None:
        begun.set()
        go_on.wait()
        tx.execute("CREATE TABLE proof (number)")
        tx.execute("INSERT INTO proof VALUES (1)")

    async def keep(services: Services, _: Note) -> Done:
        await services.database.write(work)
        return Done()

    def proofs(tx: Transaction) -> int:
        (count,) = tx.execute("SELECT count(*) FROM proof").fetchone()
        return int(count)

    announced = asyncio.Event()
    app.events.subscribe(lambda _: announced.set())
    seconds = 60 if is_given_up_by == "the caller" else 0.01
    router = Router(app, [route(keep, timeout_seconds=seconds)])
    answers: asyncio.Queue[bytes] = asyncio.Queue()
    caller = Caller("", answers.put_nowait)
    router.begin(memoryview(message({})), caller)
    await asyncio.to_thread(begun.wait)
    if is_given_up_by == "the caller":
        caller.cancel("7")
    response = msgspec.json.decode(await answers.get(), type=RawResponse)
    assert response.error
    assert response.error.code in {"IPC008", "IPC001"}
    assert not announced.is_set()
    go_on.set()
    await announced.wait()
    assert await app.database.read(proofs) == 1


async def test_whoever_stops_waiting_for_an_answer_ends_its_handler(app: Services) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def keep(_: Services, __: Note) -> Done:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return Done()

    asking = asyncio.create_task(Router(app, [route(keep)]).answer(message({})))
    await begun.wait()
    asking.cancel()
    await ended.wait()


async def test_a_timeout_of_the_handlers_own_is_a_mistake_of_ours(app: Services) -> None:
    async def keep(_: Services, __: Note) -> Done:
        raise TimeoutError

    assert (await refusal(app, message({}), route(keep)))[:2] == ("7", "APP003")


async def test_what_a_handler_can_not_decode_is_a_mistake_of_ours(app: Services) -> None:
    def keep(_: Services, __: Note) -> Done:
        return msgspec.json.decode(b"no json", type=Done)

    async def keep_later(app: Services, note: Note) -> Done:
        return keep(app, note)

    for handler in (keep, keep_later):
        assert (await refusal(app, message({}), route(handler)))[:2] == ("7", "APP003")


async def test_an_answer_that_can_not_be_encoded_is_a_mistake_of_ours(app: Services) -> None:
    async def keep(_: Services, __: Note) -> object:
        return object()

    assert (await refusal(app, message({}), route(keep)))[:2] == ("7", "APP003")


def test_a_channel_has_one_handler(app: Services) -> None:
    line = ROUTES[0]
    with pytest.raises(ValueError, match=line[0].name):
        Router(app, [line, line])


async def test_no_line_of_the_log_holds_what_was_typed(
    app: Services, caplog: pytest.LogCaptureFixture
) -> None:
    session = await steps.start(app)
    answer = SaveAnswer(session_question_id=session.questions[0].id, text=SECRET, elapsed_ms=5)
    caplog.set_level(logging.DEBUG, "main_process.ipc.router")
    with capture_logs() as lines:
        assert (await ask(app, message(msgspec.to_builtins(answer), ANSWERS_SAVE.name))).success
        await refusal(app, message({"text": SECRET}, ANSWERS_SAVE.name))
    assert {"answered", "refused"} <= {line["event"] for line in lines}
    assert SECRET not in str(lines)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(list(CHANNELS)), json_values), max_size=40))
async def test_no_payload_whatever_is_a_mistake_of_ours(
    fresh_app: steps.OpenApp, asked: list[tuple[str, object]]
) -> None:
    async with fresh_app() as app:
        for channel, payload in asked:
            response = await ask(app, message(payload, channel))
            assert response.success or (response.error and response.error.code != "APP003")
