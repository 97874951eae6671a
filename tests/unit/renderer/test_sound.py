"""Recordings as files that a page can wind through."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from starlette.types import Receive, Scope, Send

from renderer import sound
from renderer.data_service.service import DataService
from shared_contracts.channels import Channel
from shared_contracts.errors import SoundDeletedError
from shared_contracts.recordings import ReadSound, Sound

FILE = bytes(range(256)) * 5_000
"""Longer than is read at a time."""
THERE = uuid4()


class Main:
    """Has one recording, and reads everything aloud as the same."""

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        asked = msgspec.json.decode(payload, type=channel.request)
        if isinstance(asked, ReadSound) and asked.recording_id != THERE:
            raise SoundDeletedError
        data = FILE[asked.offset : asked.offset + asked.length]
        return msgspec.Raw(msgspec.json.encode(Sound(data=data, total_bytes=len(FILE))))


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    response = await sound.respond(DataService(Main()), scope)
    await response(scope, receive, send)


async def ask(wanted: str = "", *, method: str = "GET", of: UUID = THERE) -> httpx.Response:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://it") as http:
        headers = {"Range": wanted} if wanted else {}
        return await http.request(method, f"/recordings/{of}.wav", headers=headers)


async def test_the_whole_of_it() -> None:
    response = await ask()
    assert (response.status_code, response.content) == (200, FILE)
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-", 0, len(FILE)),
        ("bytes=10-19", 10, 20),
        ("bytes=1279990-9999999", 1_279_990, len(FILE)),
        ("bytes=-5", len(FILE) - 5, len(FILE)),
    ],
)
async def test_a_range_of_it(wanted: str, start: int, end: int) -> None:
    response = await ask(wanted)
    assert (response.status_code, response.content) == (206, FILE[start:end])
    assert response.headers["content-range"] == f"bytes {start}-{end - 1}/{len(FILE)}"


async def test_a_range_that_isnt_there() -> None:
    response = await ask("bytes=1280000-")
    assert response.status_code == 416
    assert response.headers["content-range"] == "bytes */1280000"


@pytest.mark.parametrize("wanted", ["lines=1-2", "bytes=-", "bytes=1-2,5-6"])
async def test_what_is_no_range_we_know_gets_all(wanted: str) -> None:
    response = await ask(wanted)
    assert response.content == FILE


async def test_its_head_alone() -> None:
    response = await ask(method="HEAD")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == "1280000"


async def test_what_is_deleted_is_gone_with_a_code() -> None:
    response = await ask(of=uuid4())
    assert (response.status_code, response.json()["code"]) == (410, "MIC015")


def test_only_these_paths_are_sound() -> None:
    assert sound.is_asked_for(f"/recordings/{THERE}.wav")
    assert sound.is_asked_for(f"/speech/{THERE}.wav")
    for path in ("/recordings/../x.wav", f"/recordings/{THERE}", "/recordings/x.wav"):
        assert not sound.is_asked_for(path)
