"""The router answers every message, with data or with a code, and tells of what was committed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from main_process.handlers import ROUTES, Route
from main_process.ipc.router import Router
from main_process.services import Services
from shared_contracts.answers import SaveAnswer
from shared_contracts.channels import ANSWERS_SAVE, CHANNELS, Channel
from shared_contracts.contract import Contract
from shared_contracts.envelope import MAX_FRAME_BYTES, Event, RawResponse
from shared_contracts.errors import NotFoundError
from shared_contracts.health import Done
from tests import steps

SECRET = "the words of an answer"


class Note(Contract):
    """What the channels of these tests take and give."""

    text: str = ""


def route(handler: Callable[[Services, Note], Awaitable[object]], **options: Any) -> Route:  # noqa: ANN401
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
    ("body", "field"),
    [
        (b"", ""),
        (b"no json", ""),
        (b"[]", ""),
        (b'"\xff"', ""),
        (b"[" * 100_000, ""),
        (message(0).replace(b": 0", b": " + b"[" * 100_000), ""),
        (b'{"id": "7", "timestamp": 1, "channel": "app:note:keep"}', "payload"),
        (message({}, id=""), "id"),
        (message({}, id=7), "id"),
        (message({}, id="x" * 65), "id"),
        (message({}, timestamp="now"), "timestamp"),
        (message({}, "x" * 81), "channel"),
        (message({}, colour="red"), "colour"),
    ],
)
async def test_what_is_no_request_is_val001(app: Services, body: bytes, field: str) -> None:
    request_id, code, details = await refusal(app, body)
    assert (request_id, code) == ("", "VAL001")
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


async def test_the_field_is_named_and_its_value_is_not(app: Services) -> None:
    body = message(
        {"session_question_id": SECRET, "text": SECRET, "elapsed_ms": 1}, "db:answers:save"
    )
    response = await ask(app, body)
    assert response.error
    assert response.error.details["field"] == "session_question_id"
    assert SECRET not in str(response.error)


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
        return Note(text="x" * MAX_FRAME_BYTES)

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
    assert SECRET not in str(lines)


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


async def test_no_line_of_the_log_holds_what_was_typed(app: Services) -> None:
    session = await steps.start(app)
    answer = SaveAnswer(session_question_id=session.questions[0].id, text=SECRET, elapsed_ms=5)
    with capture_logs() as lines:
        assert (await ask(app, message(msgspec.to_builtins(answer), ANSWERS_SAVE.name))).success
        await refusal(app, message({"text": SECRET}, ANSWERS_SAVE.name))
    assert len(lines) == 2
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
