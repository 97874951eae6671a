"""Both ways to the main process: over its socket, and over HTTP as long as that is lost."""

from __future__ import annotations

import asyncio
import importlib
import itertools
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
import structlog

from renderer.data_service.data_access import DataAccessStrategy, HTTPDataAccess, IPCDataAccess
from renderer.ipc_client import RECONNECT_SECONDS, IPCClient
from shared_contracts.channels import TOPICS, Channel
from shared_contracts.child_process import Connect
from shared_contracts.envelope import Event, Way
from shared_contracts.errors import AppError, ConnectionLostError, FallbackClosedError
from shared_contracts.meter import Meter, outcome_of

if TYPE_CHECKING:
    from renderer.http_client import HTTPClient

ATTEMPTS = 3
"""What takes the connection with it so many times is asked no more."""
DATA_TOPICS = tuple(topic for topic in TOPICS if topic != "window")
"""All that may have been missed; nobody asked for the window while nobody was there."""


class OnTurn(Protocol):
    """Told of the way, and whether the settings want it so."""

    def __call__(self, way: Way, *, chosen: bool) -> None:
        """Take notice."""


class Ways:
    """Asks each channel the way that is set for it, or the one that works.

    `on_event` is told of changes, whichever way they are heard, and `on_turn` of the way that is
    used from now on; events of what may have been missed come after it.
    """

    def __init__(self, on_event: Callable[[Event], None], on_turn: OnTurn) -> None:
        self.round_trips = Meter()
        self._on_event = on_event
        self._on_turn = on_turn
        self._way: Way = "none"
        self._turned = asyncio.Event()
        self._used: set[Way] = set()
        self._to: Connect | None = None
        self._ipc = IPCClient(on_event, self._attempted)
        self._over_ipc = IPCDataAccess(self._ipc)
        self._http: HTTPClient | None = None
        self._hearing: asyncio.Task[None] | None = None

    def connect(self, to: Connect) -> None:
        """Ask this main process from now on."""
        self._to = to
        if to.use_ipc:
            self._ipc.connect(to)
        else:
            self._hearing = asyncio.create_task(self._keep_hearing(), name="http-events")

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        """As DataAccessStrategy says; a command is never sent where it may have been before."""
        started = time.perf_counter()
        code = ""
        try:
            return await self._ask(channel, payload)
        except AppError as error:
            code = error.code
            raise
        finally:
            self.round_trips.record(time.perf_counter() - started, outcome_of(code))

    async def send_sound(self, piece: bytes) -> None:
        """Send recorded sound, over the socket alone. Raises ConnectionLostError (IPC003)."""
        await self._ipc.send_sound(piece)

    async def close(self) -> None:
        """Close both; requests on their way get ConnectionLostError."""
        self._to = None
        await self._ipc.close()
        if self._hearing:
            self._hearing.cancel()
            await asyncio.wait([self._hearing])
        if self._http:
            await self._http.close()

    async def _ask(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        if self._to and channel.name in self._to.http_channels:
            try:
                return await (await self._over_http()).request(channel, payload)
            except (ConnectionLostError, FallbackClosedError) as error:
                _check_repeatable(channel, error)
        deadline = asyncio.get_running_loop().time() + channel.timeout_seconds
        for _ in range(ATTEMPTS - 1):
            access = await self._whatever_works(deadline)
            turned = self._turned
            try:
                return await access.request(channel, payload)
            except (ConnectionLostError, FallbackClosedError) as error:
                _check_repeatable(channel, error)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    await turned.wait()
        return await (await self._whatever_works(deadline)).request(channel, payload)

    async def _whatever_works(self, deadline: float) -> DataAccessStrategy:
        """The way that is open, once one is. Raises ConnectionLostError (IPC003)."""
        try:
            async with asyncio.timeout_at(deadline):
                while self._way == "none":
                    await self._turned.wait()
        except TimeoutError:
            raise ConnectionLostError(details={"outcome": "not sent"}) from None
        return self._over_ipc if self._way == "ipc" else await self._over_http()

    async def _over_http(self) -> HTTPDataAccess:
        return HTTPDataAccess(await self._http_client())

    async def _http_client(self) -> HTTPClient:
        if self._http is None:
            # In a thread: loading it takes a sixth of a second, and mostly isn't needed at all.
            await asyncio.to_thread(importlib.import_module, "renderer.http_client")
        if self._http is None:
            from renderer.http_client import HTTPClient

            if self._to is None:
                raise ConnectionLostError(details={"outcome": "not sent"})
            self._http = HTTPClient(self._to.http_port, self._to.token)
        return self._http

    def _attempted(self) -> None:
        """The socket is connected, or couldn't be, or is so no longer."""
        if self._ipc.is_connected:
            if self._hearing:
                self._hearing.cancel()
            self._turn("ipc")
            return
        if self._way == "ipc":
            self._turn("none")
        # Each time the socket was tried in vain, HTTP is tried as well: it may be open by now.
        if self._to and (self._hearing is None or self._hearing.done()):
            self._hearing = asyncio.create_task(self._hear(), name="http-events")

    async def _keep_hearing(self) -> None:
        for seconds in itertools.chain(RECONNECT_SECONDS, itertools.repeat(RECONNECT_SECONDS[-1])):
            await self._hear()
            await asyncio.sleep(seconds)

    async def _hear(self) -> None:
        """Be on the way over HTTP as long as main tells of its events there."""
        try:
            async with (await self._http_client()).events() as events:
                self._turn("http")
                async for event in events:
                    self._on_event(event)
        except AppError as error:
            structlog.get_logger(__name__).info("not heard over HTTP", code=error.code)
        finally:
            if self._way == "http":
                self._turn("none")

    def _turn(self, way: Way) -> None:
        if way == self._way:
            return
        structlog.get_logger(__name__).info("way to the main process", way=way, before=self._way)
        self._way = way
        self._turned.set()
        self._turned = asyncio.Event()
        self._on_turn(way, chosen=self._to is not None and not self._to.use_ipc)
        if way == "none":
            return
        # The IPC client tells by itself, once it has been connected before.
        if self._used and not (way == "ipc" and way in self._used):
            for topic in DATA_TOPICS:
                self._on_event(Event(topic=topic))
        self._used.add(way)


def _check_repeatable(channel: Channel[Any, Any], error: AppError) -> None:
    """Raises `error` when asking once more might do a thing twice."""
    if channel.kind == "query" or isinstance(error, FallbackClosedError):
        return
    if not (isinstance(error.details, dict) and error.details.get("outcome") == "not sent"):
        raise error
