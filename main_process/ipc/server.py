"""The socket of the main process: who may connect, and frames in and out."""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import socket
import stat
import struct
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import structlog

from main_process.events import EventBus
from shared_contracts.envelope import Event, Hello, IPCResponse
from shared_contracts.errors import AppError, NotAuthorisedError, ValidationFailedError
from shared_contracts.framing import FrameReader, frame

Answer = Callable[[bytes], Awaitable[bytes]]

_log = structlog.get_logger(__name__)
_HELLO = msgspec.json.Decoder(Hello)
_UCRED = struct.Struct("3i")
"""pid, uid, gid. Source: man 7 unix, SO_PEERCRED."""


class IPCServer:
    """A Unix socket in a folder that only its owner may enter, and a token for each run."""

    def __init__(self, answer: Answer, events: EventBus, path: Path) -> None:
        self.answer = answer
        self.events = events
        self.path = path
        self.token = secrets.token_urlsafe(32)
        self.connections: set[_Connection] = set()
        self._listener: asyncio.Server | None = None
        self._inode = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, answer: Answer, events: EventBus) -> AsyncIterator[IPCServer]:
        """Listen until done; then let the requests under way be answered."""
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        folder = runtime if runtime and os.access(runtime, os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="interview-app-", dir=folder) as name:
            server = cls(answer, events, Path(name) / "ipc.sock")
            await server.listen()
            try:
                yield server
            finally:
                server.close_listener()
                await server.close_connections()

    def is_reachable(self) -> bool:
        """Whether who knows the path gets to this listener: it listens, and the file is its own."""
        try:
            inode = self.path.stat().st_ino
        except OSError:
            return False
        return self._listener is not None and self._listener.is_serving() and inode == self._inode

    async def listen(self) -> None:
        """Listen at the path, also once more when that was lost; connections stay as they are.

        Raises OSError when the folder is another's now, or can't be made again.
        """
        self.close_listener()
        _own_folder(self.path.parent)
        self.path.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_unix_server(lambda: _Connection(self), str(self.path))
        self.path.chmod(0o600)
        self._inode = self.path.stat().st_ino

    def close_listener(self) -> None:
        """Let nobody else connect."""
        if self._listener:
            self._listener.close()
            self._listener = None

    async def close_connections(self) -> None:
        """Finish what is under way, then hang up."""
        for connection in tuple(self.connections):
            await connection.close()


class _Connection(asyncio.Protocol):
    """One client: a hello with the token first, then requests, answered in any order."""

    def __init__(self, server: IPCServer) -> None:
        self._server = server
        self._reader = FrameReader()
        self._tasks: set[asyncio.Task[None]] = set()
        self._known = False
        self._unsubscribe: Callable[[], None] | None = None
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a stream socket's always is
        self._transport = transport
        self._server.connections.add(self)
        if _peer_user(transport) != os.geteuid():
            self._refuse(NotAuthorisedError())

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._reader.feed(data):
                self._receive(message)
        except AppError as error:
            self._refuse(error)

    def connection_lost(self, _: Exception | None) -> None:
        self._server.connections.discard(self)
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    async def close(self) -> None:
        await asyncio.gather(*self._tasks)
        self._transport.close()

    def _receive(self, message: bytes) -> None:
        if self._transport.is_closing():
            return
        if not self._known:
            self._greet(message)
            return
        task = asyncio.get_running_loop().create_task(self._respond(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _greet(self, message: bytes) -> None:
        try:
            hello = _HELLO.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ValidationFailedError("The first message must be a hello.") from error
        if not secrets.compare_digest(hello.token.encode(), self._server.token.encode()):
            raise NotAuthorisedError
        self._known = True
        if hello.events:
            self._unsubscribe = self._server.events.subscribe(self._tell)
        self._send(msgspec.json.encode(IPCResponse(id="hello", success=True, data={})))

    async def _respond(self, message: bytes) -> None:
        self._send(await self._server.answer(message))

    def _tell(self, event: Event) -> None:
        self._send(msgspec.json.encode(event))

    def _send(self, body: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(frame(body))

    def _refuse(self, error: AppError) -> None:
        _log.warning("connection refused", code=error.code)
        refusal = IPCResponse[None](id="hello", success=False, error=error.to_ipc())
        self._send(msgspec.json.encode(refusal))
        self._transport.close()


def _own_folder(folder: Path) -> None:
    """Make `folder` if it is gone. Raises OSError when another could have put something in."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if found.st_uid != os.geteuid() or not is_private:
        raise PermissionError(errno.EPERM, "the socket's folder is not private", str(folder))


def _peer_user(transport: asyncio.Transport) -> int:
    """The user id of the program at the other end."""
    peer: socket.socket = transport.get_extra_info("socket")
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    _, user, _ = _UCRED.unpack(credentials)
    return int(user)
