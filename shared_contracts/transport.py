"""The connection between two processes; the one place that knows it to be a Unix socket.

A Windows pipe would be another `Listener`, `connect` and `peer_of`: a `Link` needs a transport and
nothing more.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import stat
import struct
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar, cast

from shared_contracts.envelope import Encoded
from shared_contracts.errors import AppError
from shared_contracts.framing import (
    FRAME_BYTES,
    MESSAGE,
    FrameKind,
    FrameReader,
    frame,
    pack_head,
    part,
)

HIGH_WATER_BYTES = 256 * 1024
"""So much may wait to be sent before the other side counts as slow to read."""
GATHER_BYTES = 64 * 1024
"""What is sent in one turn of the loop leaves in pieces of about this size."""
BEHIND_BYTES = 1024 * 1024
BEHIND_MESSAGES = 4
"""With more than this unsent, or as many long messages, it is better to take no more requests."""
CLOSE_SECONDS = 2.0
"""How long the last messages may take to be read by the other side once this one hangs up."""
_UCRED = struct.Struct("3i")
"""pid, uid, gid. Source: man 7 unix, SO_PEERCRED."""

AnyLink = TypeVar("AnyLink", bound="Link")


class Link(asyncio.BufferedProtocol):
    """One end of a connection: frames in, messages out.

    Messages of one turn of the event loop leave together. A long one leaves in parts, as fast as
    the other side reads, and short ones go between them.
    """

    def __init__(self) -> None:
        self.is_full = False
        """Whether the other side reads more slowly than this one writes."""
        self.is_closing = False
        """Whether nothing more is sent or taken."""
        self.is_held = False
        """Whether the other side has to wait."""
        self.closed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._reader = FrameReader()
        # Called for each piece that arrives: a step less.
        self.get_buffer = self._reader.free  # type: ignore[method-assign, assignment]
        self._short: list[bytes] = []
        self._short_bytes = 0
        self._is_gathering = False
        self._put: Callable[[bytes], None] = self._gather
        self._long: deque[memoryview | bytes] = deque()
        """What is left of long messages, and whole frames that must not overtake them."""
        self._deadline: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport

    def take(self, kind: int, body: memoryview) -> None:
        """Take a frame that has arrived; its body is overwritten later.

        Raises AppError to have `unreadable` called with it.
        """
        raise NotImplementedError

    def unreadable(self, error: AppError) -> None:
        """Hear why nothing more can be read: the connection is to be closed."""
        raise NotImplementedError

    @property
    def unsent_bytes(self) -> int:
        """How much waits to be read by the other side, a message that is half sent included."""
        waiting = sum(map(len, self._long)) + self._short_bytes
        return waiting + self._transport.get_write_buffer_size()

    @property
    def is_behind(self) -> bool:
        """Whether more waits to be read than one long message and what goes between its parts."""
        if not self.is_full:
            return False
        size = self._transport.get_write_buffer_size()
        return size > BEHIND_BYTES or len(self._long) >= BEHIND_MESSAGES

    def send(self, *pieces: Encoded) -> None:
        """Send a message, unless the connection is closing."""
        if self.is_closing:
            return
        size = len(pieces[0]) if len(pieces) == 1 else sum(map(len, pieces))
        if size <= FRAME_BYTES:
            self._put(b"".join((pack_head(size, MESSAGE), *pieces)))
            return
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self._long.append(memoryview(body))
        self._send_parts()

    def send_control(self, body: bytes) -> None:
        """Send what must not overtake the messages it may be about."""
        if self.is_closing:
            return
        control = frame(body, FrameKind.CONTROL)
        if self._long:
            self._long.append(control)
        else:
            self._put(control)

    def send_binary(self, body: bytes) -> None:
        """Send sound, of at most FRAME_BYTES, after the messages that were sent before it."""
        if not self.is_closing:
            self._put(frame(body, FrameKind.BINARY))

    def is_unsent(self, body: Encoded) -> bool:
        """Whether the other side can't have all of this long message."""
        return any(isinstance(left, memoryview) and left.obj is body for left in self._long)

    def hold(self) -> None:
        """Take and read no more until released: the other side has to wait."""
        if not self.is_held and not self.is_closing:
            self.is_held = True
            self._transport.pause_reading()

    def release(self) -> None:
        """Go on where `hold` stopped."""
        if not self.is_held or self.is_closing:
            return
        self.is_held = False
        self._take_all()
        if not (self.is_held or self.is_closing):
            self._transport.resume_reading()

    def close(self) -> None:
        """Hang up when all is sent, or after CLOSE_SECONDS."""
        if self.is_closing:
            return
        self.is_closing = True
        self._deadline = self._loop.call_later(CLOSE_SECONDS, self._transport.abort)
        self._send_gathered()
        if not self._long:
            self._transport.close()

    def drop_unsent(self) -> None:
        """Forget the long messages that were not sent whole."""
        self._long.clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(HIGH_WATER_BYTES)
        if not isinstance(self._loop, asyncio.BaseEventLoop):
            # uvloop gathers by itself what is written in one turn.
            self._put = self._transport.write

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._reader.free(sizehint)

    def buffer_updated(self, nbytes: int) -> None:
        self._reader.end += nbytes
        self._take_all()

    def pause_writing(self) -> None:
        self.is_full = True

    def resume_writing(self) -> None:
        self.is_full = False
        self._send_parts()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio names it
        self.is_closing = True
        if self._deadline:
            self._deadline.cancel()
        self.closed.set()

    def _take_all(self) -> None:
        reader = self._reader
        try:
            while not (self.is_held or self.is_closing) and (found := reader.take()):
                self.take(*found)
                if reader.is_empty:
                    return
        except AppError as error:
            self.unreadable(error)

    def _gather(self, data: bytes) -> None:
        self._short.append(data)
        self._short_bytes += len(data)
        if self._short_bytes > GATHER_BYTES:
            # Not later, or it would show too late how slowly the other side reads.
            self._write_gathered()
        elif not self._is_gathering:
            self._is_gathering = True
            self._loop.call_soon(self._send_gathered)

    def _send_gathered(self) -> None:
        self._is_gathering = False
        if self._short:
            self._write_gathered()

    def _write_gathered(self) -> None:
        together = b"".join(self._short)
        self._short.clear()
        self._short_bytes = 0
        self._transport.write(together)

    def _send_parts(self) -> None:
        while self._long and not self.is_full:
            left = self._long.popleft()
            if isinstance(left, bytes):
                self._transport.write(left)
                continue
            begin, piece = part(left)
            if len(left) > len(piece):
                self._long.appendleft(left[len(piece) :])
            self._transport.writelines((begin, piece))
        if self.is_closing and not self._long:
            self._transport.close()


class Peer(NamedTuple):
    """The program at the other end."""

    process: int
    user: int


def peer_of(connection: asyncio.BaseTransport | socket.socket) -> Peer:
    """Who it is that connected, or that listens where we connected to."""
    if not isinstance(connection, socket.socket):
        connection = cast("socket.socket", connection.get_extra_info("socket"))
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
    process, user, _ = _UCRED.unpack(credentials)
    return Peer(process, user)


def check_own(connection: asyncio.BaseTransport | socket.socket) -> None:
    """Raises PermissionError when another user's program is at the other end.

    It could have put a socket where ours was before that was cleared away; it would be shown the
    run's token.
    """
    if peer_of(connection).user != os.geteuid():
        raise PermissionError(errno.EPERM, "the socket is another user's")


class Listener:
    """Accepts connections at a path that only its owner may reach."""

    def __init__(self, path: Path, make_link: Callable[[], Link]) -> None:
        self.path = path
        self._make_link = make_link
        self._server: asyncio.Server | None = None
        self._inode = 0

    def is_reachable(self) -> bool:
        """Whether who knows the path gets to this listener: it listens, and the file is its own."""
        try:
            inode = self.path.stat().st_ino
        except OSError:
            return False
        return self._server is not None and self._server.is_serving() and inode == self._inode

    async def listen(self) -> None:
        """Listen at the path, also once more when that was lost; connections stay as they are.

        Raises OSError when the folder is another's now, or can't be made again.
        """
        self.close_listener()
        _own_folder(self.path.parent)
        self.path.unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(self._make_link, str(self.path))
        self.path.chmod(0o600)
        self._inode = self.path.stat().st_ino

    def close_listener(self) -> None:
        """Let nobody else connect."""
        if self._server:
            self._server.close()
            self._server = None


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that only this user may enter, for a path short enough for a socket."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    parent = runtime if runtime and os.access(runtime, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="interview-app-", dir=parent) as name:
        yield Path(name)


def _own_folder(folder: Path) -> None:
    """Make `folder` if it is gone. Raises OSError when another could have put something in."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    is_private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    if found.st_uid != os.geteuid() or not is_private:
        raise PermissionError(errno.EPERM, "the socket's folder is not private", str(folder))


async def connect(make_link: Callable[[], AnyLink], address: str) -> AnyLink:
    """Connect to what this user's program listens at. Raises OSError."""
    loop = asyncio.get_running_loop()
    transport, link = await loop.create_unix_connection(make_link, address)
    try:
        check_own(transport)
    except OSError:
        transport.close()
        raise
    return link
