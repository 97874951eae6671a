"""A main process as the renderer sees it: a real Unix socket that answers as a test says."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from shared_contracts.child_process import Connect
from shared_contracts.contract import Contract
from shared_contracts.envelope import Control, Hello, IPCError, RawRequest, RawResponse
from shared_contracts.framing import FrameKind, FrameReader, frame
from tests.loops import Factories, loops_for

TOKEN = "this run's token"


class MainProcess:
    """Greets as the real one does, keeps what it was asked, and answers through `answer`."""

    def __init__(self, path: Path) -> None:
        self.connect = Connect(socket=str(path), token=TOKEN)
        self.asked: asyncio.Queue[RawRequest] = asyncio.Queue()
        self.controls: asyncio.Queue[Control] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.greeted = asyncio.Event()
        self._writer: asyncio.StreamWriter | None = None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = FrameReader()
        self._writer = writer
        with contextlib.suppress(ConnectionResetError):
            while data := await reader.read(65_536):
                free = frames.free()
                free[: len(data)] = data
                frames.end += len(data)
                while found := frames.take():
                    self._take(*found)
                await self.reads.wait()
        writer.close()

    def close(self) -> None:
        """Let go of what waits."""
        self.reads.set()
        if self._writer:
            self._writer.close()

    def answer(self, request: RawRequest, data: object = None) -> None:
        self.send(
            RawResponse(id=request.id, success=True, data=msgspec.Raw(msgspec.json.encode(data)))
        )

    def send(self, message: Contract) -> None:
        assert self._writer
        self._writer.write(frame(msgspec.json.encode(message)))

    def send_bytes(self, data: bytes) -> None:
        assert self._writer
        self._writer.write(data)

    def hang_up(self) -> None:
        assert self._writer
        self.greeted.clear()
        self._writer.close()

    def _take(self, kind: int, body: memoryview) -> None:
        if kind == FrameKind.CONTROL:
            self.controls.put_nowait(msgspec.json.decode(body, type=Control))
        elif self.greeted.is_set():
            self.asked.put_nowait(msgspec.json.decode(body, type=RawRequest))
        else:
            self._greet(msgspec.json.decode(body, type=Hello))

    def _greet(self, hello: Hello) -> None:
        if hello.token == TOKEN:
            self.greeted.set()
            self.send(RawResponse(id="hello", success=True, data=msgspec.Raw(b"{}")))
        else:
            error = IPCError(code="IPC005", message="no")
            self.send(RawResponse(id="hello", success=False, error=error))


@pytest.fixture
async def main_process() -> AsyncIterator[MainProcess]:
    with tempfile.TemporaryDirectory() as folder:  # tmp_path may be too long for a socket
        path = Path(folder) / "ipc.sock"
        main = MainProcess(path)
        async with await asyncio.start_unix_server(main.serve, path):
            yield main
            main.close()


def pytest_asyncio_loop_factories(item: pytest.Item) -> Factories:
    """What these tests run on."""
    return loops_for(item, "test_ipc_client.py")
