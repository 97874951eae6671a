"""Serves the page and its socket on 127.0.0.1 to the one browser that was let in."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Callable, Mapping
from typing import Protocol

import structlog
import uvicorn
from starlette.datastructures import Headers, QueryParams
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from renderer import sound
from renderer.admission import Admission
from renderer.data_service.service import DataService
from renderer.page_files import CONTENT_TYPES, PLAIN_STYLE_HASH, plain_page
from shared_contracts.envelope import MAX_MESSAGE_BYTES
from shared_contracts.errors import ErrorCode

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' '{plain_style}'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self' ws://{address}; "
    "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_IN_FLIGHT = 64
"""A page that asks more than this at once is read from more slowly."""
_OUTBOX = 1_000
"""A page that is this far behind is cut off; it connects again and reads what it shows anew."""
_BACK_SECONDS = 4
"""When a page in a browser looks for the app that was started again."""
_REFUSED = 4403
_TOO_SLOW = 4408


class Files(Protocol):
    """What is served: the built page, or the one page that says what went wrong."""

    def get(self, path: str) -> tuple[bytes, str] | None:
        """Content and content type of the file at `path`."""
        ...


class UIServer:
    """The ASGI application behind the window."""

    def __init__(
        self,
        address: str,
        admission: Admission,
        files: Files,
        service: DataService,
        actions: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        """`actions` are what the form of a plain page may post to, without any data."""
        self._admission = admission
        self._files = files
        self._service = service
        self._actions = actions or {}
        policy = _POLICY.format(address=address, plain_style=PLAIN_STYLE_HASH)
        self._headers = _HEADERS | {"Content-Security-Policy": policy}
        if self._actions:
            policy = policy.replace("form-action 'none'", "form-action 'self'")
            # Without a referrer, a form's Origin would be "null".
            self._headers |= {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or see one socket through."""
        if scope["type"] == "websocket":
            await self._socket(WebSocket(scope, receive, send))
        else:
            response = self._respond(scope) or await self._play(scope)
            await response(scope, receive, send)

    def _respond(self, scope: Scope) -> Response | None:
        """The response, None when it is sound that is asked for."""
        headers = Headers(scope=scope)
        if not self._admission.is_for_us(headers):
            return self._plain(421, "This address is not served here")
        if scope["method"] not in {"GET", "HEAD"}:
            return self._act(headers, self._actions.get(scope["path"]))
        if scope["path"] == "/boot":
            # A look at the address, as with HEAD, doesn't use it up.
            token = QueryParams(scope["query_string"]).get("t", "")
            return self._boot(headers, token if scope["method"] == "GET" else "")
        if not self._admission.has_cookie(headers):
            return self._locked("This page belongs to the app")
        if sound.is_asked_for(scope["path"]):
            return None
        found = self._files.get(scope["path"])
        return self._reply(200, *found) if found else self._plain(404, "There is no such page")

    async def _play(self, scope: Scope) -> Response:
        response = await sound.respond(self._service, scope)
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        return response

    def _act(self, headers: Headers, action: Callable[[], None] | None) -> Response:
        if action is None:
            return self._plain(405, "This can only be read")
        is_ours = self._admission.is_for_us(headers, origin_required=True)
        if not (is_ours and self._admission.has_cookie(headers)):
            return self._locked("This is for the app's own page")
        action()
        again = self._plain(
            200,
            "One moment",
            "If the app goes on, a new window opens, or this page comes back in a moment.",
            "If it doesn't, reload it, or use the address that the app prints when it starts.",
        )
        again.headers["Refresh"] = f"{_BACK_SECONDS}; url=/"
        return again

    def _boot(self, headers: Headers, token: str) -> Response:
        cookie = self._admission.boot(token)
        if cookie is None and not self._admission.has_cookie(headers):
            return self._locked("This address has been used, or is from an earlier start")
        response = Response(status_code=303, headers=self._headers | {"Location": "/"})
        if cookie:
            response.headers["Set-Cookie"] = cookie
        return response

    def _locked(self, title: str) -> Response:
        return self._plain(
            403,
            title,
            "Each start of Interview App gives an address that opens the page once.",
            "Go back to the browser that used it, or start the app again for a new address.",
            code=ErrorCode.NOT_AUTHORISED,
        )

    def _plain(self, status: int, title: str, *sentences: str, code: str = "") -> Response:
        page = plain_page(title, *sentences, code=code)
        return self._reply(status, page, CONTENT_TYPES[".html"])

    def _reply(self, status: int, content: bytes, content_type: str) -> Response:
        return Response(content, status, headers=self._headers | {"Content-Type": content_type})

    async def _socket(self, websocket: WebSocket) -> None:
        headers = websocket.headers
        admitted = self._admission.is_for_us(headers, origin_required=True)
        if websocket.scope["path"] != "/ws" or not (
            admitted and self._admission.has_cookie(headers)
        ):
            structlog.get_logger(__name__).warning("socket refused")
            await websocket.close(_REFUSED)
            return
        await websocket.accept()
        await _Page(websocket, self._service).serve()


class _Page:
    """One open page: its requests, their responses, and the events it is told of."""

    def __init__(self, websocket: WebSocket, service: DataService) -> None:
        self._websocket = websocket
        self._service = service
        self._outbox: asyncio.Queue[str] = asyncio.Queue(_OUTBOX)
        self._turns = asyncio.Semaphore(_IN_FLIGHT)
        self._too_slow = asyncio.Event()

    async def serve(self) -> None:
        """Until the page goes away, or falls too far behind."""
        leave = self._service.subscribe(self._push)
        parts = [
            asyncio.create_task(part()) for part in (self._receive, self._send, self._too_slow.wait)
        ]
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leave()
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
        if self._too_slow.is_set():
            await self._websocket.close(_TOO_SLOW)
        for part in done:
            part.result()

    def _push(self, text: str) -> None:
        try:
            self._outbox.put_nowait(text)
        except asyncio.QueueFull:
            self._too_slow.set()

    async def _receive(self) -> None:
        async with asyncio.TaskGroup() as answers:
            while (message := await self._websocket.receive())["type"] == "websocket.receive":
                await self._turns.acquire()
                text = message.get("text")
                if text is None:
                    # In its order, and no more is read before it is on its way.
                    await self._service.take_sound(message["bytes"])
                    self._turns.release()
                else:
                    answers.create_task(self._answer(text))

    async def _answer(self, message: str) -> None:
        try:
            await self._outbox.put(await self._service.answer(message))
        finally:
            self._turns.release()

    async def _send(self) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await self._websocket.send_text(await self._outbox.get())


async def serve(
    app: UIServer, listener: socket.socket, stop: asyncio.Event, started: Callable[[], None]
) -> None:
    """Serve `app` until `stop` is set."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # its lines would hold the boot token
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
        ws="websockets-sansio",
        ws_max_size=4 * MAX_MESSAGE_BYTES,  # so that a frame too large is answered and not cut off
        ws_per_message_deflate=False,
    )
    server = _Server(config, started)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    stopping.cancel()
    await serving


class _Server(uvicorn.Server):
    """uvicorn, saying when it has begun."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()
