"""Whatever a page sends is answered: with the data, or with an error in words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import get_contextvars, merge_contextvars
from structlog.testing import capture_logs

from renderer.data_service.service import DataService
from shared_contracts.channels import CHANNELS, QUESTIONS_GET, Channel
from shared_contracts.envelope import Event, RawResponse
from shared_contracts.errors import IPCTimeoutError

JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
PAYLOAD = b'{"b" : [1, 2.50],"a":null}'


class Echo:
    """Answers each request with its own payload; the channel of sessions is out of order."""

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        if channel.name == "db:session:get":
            raise IPCTimeoutError(details={"channel": channel.name})
        return payload


def make_request(payload: bytes = PAYLOAD, channel: str = QUESTIONS_GET.name) -> bytes:
    return b'{"id":"7","timestamp":1,"channel":"%s","payload":%s}' % (channel.encode(), payload)


async def answer(message: str | bytes) -> RawResponse:
    return msgspec.json.decode(await DataService(Echo()).answer(message), type=RawResponse)


async def test_a_payload_is_passed_on_byte_for_byte() -> None:
    response = await answer(make_request())
    assert (response.id, response.success, bytes(response.data)) == ("7", True, PAYLOAD)


@pytest.mark.parametrize(
    ("channel", "event"), [("db:questions:get", "answered"), ("db:session:get", "refused")]
)
async def test_what_is_logged_names_the_request(
    channel: str, event: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "renderer.data_service.service")
    with capture_logs(processors=[merge_contextvars]) as lines:
        await answer(make_request(channel=channel))
    (line,) = lines
    assert (line["event"], line["request"], line["channel"]) == (event, "7", channel)
    assert get_contextvars() == {}


@given(st.sampled_from(sorted(CHANNELS)), JSON)
async def test_every_request_is_answered_under_its_id(channel: str, payload: object) -> None:
    response = await answer(make_request(msgspec.json.encode(payload), channel))
    assert response.id == "7"
    assert response.success is (channel != "db:session:get")


@pytest.mark.parametrize(
    ("message", "request_id", "code"),
    [
        (make_request(channel="db:secrets:get"), "7", "IPC002"),
        (make_request(b'"' + b"x" * QUESTIONS_GET.max_bytes + b'"'), "7", "IPC004"),
        (make_request(channel="db:session:get"), "7", "IPC001"),
        (b'{"id":"7"}', "7", "VAL001"),
        (b'{"id":"7","timestamp":1,"channel":"a","payload":1,"more":1}', "7", "VAL001"),
        (b"", "", "VAL001"),
        (b"[]", "", "VAL001"),
        (b'{"id":7}', "", "VAL001"),
        (b'{"id":"\xff"}', "", "VAL001"),
        (b"[" * 100_000, "", "VAL001"),
    ],
)
async def test_a_bad_request_is_refused_with_a_code(
    message: bytes, request_id: str, code: str
) -> None:
    response = await answer(message)
    assert (response.id, response.success) == (request_id, False)
    assert response.error is not None
    assert response.error.code == code
    assert response.error.message


@given(st.text() | st.binary())
async def test_rubbish_is_answered_too(message: str | bytes) -> None:
    assert not (await answer(message)).success


def test_every_page_hears_of_a_change_until_it_leaves() -> None:
    service = DataService(Echo())
    first: list[str] = []
    second: list[str] = []
    leave = service.subscribe(first.append)
    service.subscribe(second.append)
    event = Event(topic="sessions", ids=("1",))
    service.publish(event)
    leave()
    service.publish(event)
    assert [msgspec.json.decode(text, type=Event) for text in second] == [event, event]
    assert first == second[:1]
