"""The port is held from the start; who comes before it is served waits, and is answered."""

from __future__ import annotations

import asyncio
import socket
import sys

import pytest

from main_process.ipc.http_port import HTTPOptions, HTTPPort
from shared_contracts.channels import HEALTH_GET, QUESTIONS_GET
from shared_contracts.errors import PortTakenError
from tests.http_way import HTTPWay

QUESTIONS = f"/v1/channels/{QUESTIONS_GET.name}"


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (HTTPOptions(), (False, False, False)),
        (HTTPOptions(use_ipc=False), (True, True, True)),
        (HTTPOptions(channels=(QUESTIONS_GET.name,)), (True, False, False)),
        (HTTPOptions(channels=("db:*",)), (True, False, False)),
        (HTTPOptions(channels=("app:health:*", "ai:*")), (False, True, False)),
        (HTTPOptions(channels=("*",)), (True, True, True)),
    ],
)
def test_the_settings_choose_all_some_or_none(
    options: HTTPOptions, chosen: tuple[bool, bool, bool]
) -> None:
    asked = (QUESTIONS_GET.name, HEALTH_GET.name, "")
    assert tuple(map(options.chosen, asked)) == chosen


async def test_who_comes_early_waits_and_is_answered() -> None:
    way = HTTPWay()
    async with HTTPPort.open(0, way._make) as way.port, way.client() as client:
        asking = asyncio.create_task(client.post(QUESTIONS, content=b"[1]"))
        await asyncio.sleep(0)
        await way.port.serve()
        assert (await asking).content == b"[1]"


async def test_a_port_never_served_is_given_back() -> None:
    async with HTTPPort.open(0, HTTPWay()._make) as it:
        port = it.port
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_a_taken_port_is_said_with_the_setting_to_change() -> None:
    with socket.create_server(("127.0.0.1", 0)) as owner:
        port = owner.getsockname()[1]
        with pytest.raises(PortTakenError, match="INTERVIEW_APP_HTTP_PORT"):
            async with HTTPPort.open(port, HTTPWay()._make):
                raise AssertionError


async def test_to_hold_the_port_loads_no_web_server() -> None:
    """It is held on the way to the first paint."""
    script = (
        "import sys, main_process.backend;"
        "print([name for name in sys.modules if name.partition('.')[0] in"
        " {'uvicorn', 'starlette', 'h11', 'httptools'}])"
    )
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert said.decode().strip() == "[]"
