"""Asks the main process over HTTP; imported when the socket is lost, or the settings say so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus

import httpx
import msgspec

from shared_contracts import problems
from shared_contracts.envelope import Event
from shared_contracts.errors import (
    AppError,
    ConnectionLostError,
    InternalError,
    IPCTimeoutError,
    from_ipc,
)
from shared_contracts.fallback import CHANNEL_PATH, EVENT_PREFIX, EVENTS_PATH
from shared_contracts.ports import HOST
from shared_contracts.request_ids import HEADER, in_header

CONNECT_SECONDS = 2.0
_IDLE_SECONDS = 5.0
"""Kept shorter than the other side keeps a connection: none is used that it is just closing."""
_CONNECTIONS = 32
"""Further requests wait for one to be free: main's side turns away who opens too many."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class HTTPClient:
    """Many requests may be under way, each for as long as its channel says."""

    def __init__(self, port: int, token: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=f"http://{HOST}:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS),
            trust_env=False,  # no proxy is to see what a person wrote
            verify=False,  # noqa: S501  there is no TLS within one computer, and it takes 40 ms
        )

    async def request(
        self, channel: str, payload: msgspec.Raw, timeout_seconds: float
    ) -> msgspec.Raw:
        """Ask and wait for the answer's data.

        Raises IPCTimeoutError, ConnectionLostError, FallbackClosedError, and what main answers.
        `details` of a lost connection say whether the request may have been carried out.
        """
        try:
            async with asyncio.timeout(timeout_seconds):
                response = await self._http.post(
                    f"{CHANNEL_PATH}{channel}",
                    content=bytes(payload),
                    headers={"Content-Type": "application/json", HEADER: in_header()},
                )
        except TimeoutError:
            details = {"channel": channel, "outcome": "unknown"}
            raise IPCTimeoutError(details=details) from None
        except httpx.HTTPError as error:
            raise _lost(error) from error
        if response.is_success:
            return msgspec.Raw(response.content)
        raise _refusal(response.status_code, response.content)

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[Event]]:
        """The events from when this is entered until main ends them.

        Raises ConnectionLostError, FallbackClosedError, and what main answers.
        """
        try:
            async with self._http.stream("GET", EVENTS_PATH) as response:
                if not response.is_success:
                    raise _refusal(response.status_code, await response.aread())
                lines = response.aiter_lines()
                await anext(lines, None)  # Says that it has begun.
                yield _events(lines)
        except httpx.HTTPError as error:
            raise _lost(error) from error

    async def close(self) -> None:
        """Close the connections; requests on their way fail."""
        await self._http.aclose()


async def _events(lines: AsyncIterator[str]) -> AsyncIterator[Event]:
    async for line in lines:
        if line.startswith(EVENT_PREFIX):
            try:
                event = msgspec.json.decode(line.removeprefix(EVENT_PREFIX), type=Event)
            except msgspec.DecodeError as error:
                raise InternalError("The main process said what can't be read.") from error
            yield event


def _lost(error: httpx.HTTPError) -> ConnectionLostError:
    outcome = "not sent" if isinstance(error, _NOT_SENT) else "unknown"
    return ConnectionLostError(details={"outcome": outcome})


def _refusal(status: int, body: bytes) -> AppError:
    error = problems.decode(body)
    if error:
        return from_ipc(error)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        # Turned away by the server itself, before anything was done.
        return ConnectionLostError(details={"outcome": "not sent"})
    return InternalError(details={"status": status})
