"""Each way of asking takes a channel and bytes, and gives bytes."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from renderer.data_service.data_access import DataAccessStrategy, HTTPDataAccess, IPCDataAccess
from renderer.http_client import HTTPClient
from renderer.ipc_client import IPCClient
from shared_contracts.channels import HEALTH_GET, Channel
from shared_contracts.envelope import RawRequest
from shared_contracts.errors import IPCTimeoutError
from tests.http_way import TOKEN, HTTPWay
from tests.unit.renderer.conftest import MainProcess

QUICK = Channel("app:health:get", "query", dict, dict, timeout_seconds=0.05)


async def test_the_socket_is_asked_on_the_channel_for_as_long_as_the_channel_says(
    main_process: MainProcess,
) -> None:
    client = IPCClient(lambda _: None)
    client.connect(main_process.connect)
    access: DataAccessStrategy = IPCDataAccess(client)
    asking = asyncio.create_task(access.request(HEALTH_GET, msgspec.Raw(b"{}")))
    request = await main_process.asked.get()
    assert (request.channel, bytes(request.payload)) == ("app:health:get", b"{}")
    main_process.answer(request, [1])
    assert bytes(await asking) == b"[1]"
    with pytest.raises(IPCTimeoutError):
        await access.request(QUICK, msgspec.Raw(b"{}"))
    await client.close()


async def test_http_is_asked_on_the_channel_for_as_long_as_the_channel_says() -> None:
    async def never(_: RawRequest) -> object:
        return await asyncio.Event().wait()

    async with HTTPWay.open() as way:
        client = HTTPClient(way.port.port, TOKEN)
        access: DataAccessStrategy = HTTPDataAccess(client)
        assert bytes(await access.request(HEALTH_GET, msgspec.Raw(b"{}"))) == b"{}"
        assert (await way.asked.get()).channel == "app:health:get"
        way.answer = never
        with pytest.raises(IPCTimeoutError):
            await access.request(QUICK, msgspec.Raw(b"{}"))
        await client.close()
