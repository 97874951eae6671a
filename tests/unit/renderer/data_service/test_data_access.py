"""Each way of asking takes a channel and bytes, and gives bytes."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from renderer.data_service.data_access import DataAccessStrategy, IPCDataAccess
from renderer.ipc_client import IPCClient
from shared_contracts.channels import HEALTH_GET, Channel
from shared_contracts.errors import IPCTimeoutError
from tests.unit.renderer.conftest import MainProcess


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
    quick = Channel("app:health:get", "query", dict, dict, timeout_seconds=0.05)
    with pytest.raises(IPCTimeoutError):
        await access.request(quick, msgspec.Raw(b"{}"))
    await client.close()
