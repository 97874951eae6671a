"""A page as the renderer sees it: one WebSocket, calls by id, and a new socket when one is lost."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException

from shared_contracts.channels import Channel
from shared_contracts.envelope import Event, RawRequest, RawResponse, WayTaken
from shared_contracts.meter import REFUSALS

Request = TypeVar("Request")
Reply = TypeVar("Reply")
LOST = "lost"
"""In place of a code: the answer never came, since the connection went or the time was over."""
_RETRY_SECONDS = 0.1
_MESSAGE = msgspec.json.Decoder(RawResponse | Event | WayTaken)


class CallError(Exception):
    """An answer that is an error, or none at all."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def outcome_unknown(self) -> bool:
        """Whether the command may have been carried out all the same."""
        return self.code in {LOST, "IPC001", "IPC003"}


class Tally:
    """What became of all calls of all pages."""

    def __init__(self) -> None:
        self.took_ns: defaultdict[str, list[int]] = defaultdict(list)
        self.codes: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def count(self, channel: str, took_ns: int, code: str = "") -> None:
        """Count one call."""
        self.took_ns[channel].append(took_ns)
        if code:
            self.codes[channel][code] += 1

    @property
    def calls(self) -> int:
        """How many there were."""
        return sum(map(len, self.took_ns.values()))

    def failed(self, *, refusals: bool) -> int:
        """How many ended in an error; with or without those that a limit refused."""
        return sum(
            count
            for codes in self.codes.values()
            for code, count in codes.items()
            if refusals or code not in REFUSALS
        )


class Browser:
    """Was let in by the one-time address; its cookie stays good over the renderer's restarts."""

    def __init__(self, address: str) -> None:
        response = httpx.get(address)
        self.host = address.partition("//")[2].partition("/")[0]
        self.headers = {
            "Cookie": response.headers["Set-Cookie"].partition(";")[0],
            "Origin": f"http://{self.host}",
        }


class PageClient:
    """One open page."""

    def __init__(self, browser: Browser, name: str, tally: Tally) -> None:
        self._browser = browser
        self._tally = tally
        self._ids = (f"{name}-{number}" for number in itertools.count(1))
        self._waiting: dict[str, asyncio.Future[RawResponse]] = {}
        self._socket: ClientConnection | None = None
        self._connected = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, browser: Browser, name: str, tally: Tally) -> AsyncIterator[PageClient]:
        """Connect, again and again if need be, until done."""
        page = cls(browser, name, tally)
        keeping = asyncio.create_task(page._keep_connected())
        try:
            yield page
        finally:
            keeping.cancel()
            await asyncio.wait([keeping])

    async def call(self, channel: Channel[Request, Reply], payload: Request) -> Reply:
        """The reply; the call is counted. Raises CallError."""
        started = time.perf_counter_ns()
        code = ""
        try:
            async with asyncio.timeout(channel.timeout_seconds):
                response = await self._ask(channel.name, payload)
            if response.error:
                code = response.error.code
                raise CallError(code)
            return msgspec.json.decode(response.data, type=channel.reply)
        except (TimeoutError, ConnectionError) as error:
            code = LOST
            raise CallError(LOST) from error
        finally:
            self._tally.count(channel.name, time.perf_counter_ns() - started, code)

    async def _ask(self, channel: str, payload: object) -> RawResponse:
        request = RawRequest(
            id=next(self._ids),
            timestamp=time.time() * 1000,
            channel=channel,
            payload=msgspec.Raw(msgspec.json.encode(payload)),
        )
        while True:
            while self._socket is None:
                await self._connected.wait()
            with suppress(ConnectionClosed):  # It was not sent, and so it is once more.
                return await self._exchange(self._socket, request)
            self._hang_up()

    async def _exchange(self, socket: ClientConnection, request: RawRequest) -> RawResponse:
        """The response. Raises ConnectionClosed when nothing was sent, ConnectionError later."""
        answer: asyncio.Future[RawResponse] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = answer
        try:
            await socket.send(msgspec.json.encode(request).decode())
            return await answer
        finally:
            del self._waiting[request.id]
            answer.cancel()

    async def _keep_connected(self) -> None:
        while True:
            try:
                async with connect(
                    f"ws://{self._browser.host}/ws",
                    additional_headers=self._browser.headers,
                    proxy=None,
                    max_size=None,
                ) as self._socket:
                    self._connected.set()
                    async for message in self._socket:
                        self._take(_MESSAGE.decode(message))
            except (OSError, InvalidHandshake, WebSocketException):
                await asyncio.sleep(_RETRY_SECONDS)
            finally:
                self._hang_up()

    def _take(self, message: RawResponse | Event | WayTaken) -> None:
        if isinstance(message, RawResponse) and message.id in self._waiting:
            answer = self._waiting[message.id]
            if not answer.done():
                answer.set_result(message)

    def _hang_up(self) -> None:
        self._socket = None
        self._connected.clear()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(ConnectionError())
