"""The ways to the main process's data, all behind one interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from renderer.ipc_client import IPCClient
from shared_contracts.channels import Channel

if TYPE_CHECKING:
    from renderer.http_client import HTTPClient


class DataAccessStrategy(Protocol):
    """One way to ask: what is asked and answered is passed on as bytes."""

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        """The answer's data. Raises the AppError that was answered, or that kept it from coming."""
        ...


class IPCDataAccess:
    """Asks over the socket to the main process."""

    def __init__(self, client: IPCClient) -> None:
        self._client = client

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        """As DataAccessStrategy says."""
        return await self._client.request(channel.name, payload, channel.timeout_seconds)


class HTTPDataAccess:
    """Asks over HTTP on 127.0.0.1, which the main process answers when its socket is lost."""

    def __init__(self, client: HTTPClient) -> None:
        self._client = client

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        """As DataAccessStrategy says."""
        return await self._client.request(channel.name, payload, channel.timeout_seconds)
