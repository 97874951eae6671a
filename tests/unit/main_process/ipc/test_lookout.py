"""A lost socket is seen by whoever asks, and brought back; what is in its way is waited out."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable

import pytest

from main_process.events import EventBus
from main_process.ipc import lookout
from main_process.ipc.lookout import Lookout
from main_process.ipc.server import IPCServer

WAIT_SECONDS = 20
Lose = Callable[[IPCServer], None]


class Watched:
    """A server with a lookout on it."""

    def __init__(self, server: IPCServer) -> None:
        self.server = server
        self.back = asyncio.Event()
        self.lookout = Lookout(server, self.back.set)
        self.running = asyncio.create_task(self.lookout.run())

    async def until_back(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            await self.back.wait()
        self.back.clear()

    async def is_connectable(self) -> bool:
        try:
            _, writer = await asyncio.open_unix_connection(self.server.path)
        except OSError:
            return False
        writer.close()
        return True


async def answer(body: bytes) -> bytes:
    return body


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    async with IPCServer.open(answer, EventBus()) as server:
        watched = Watched(server)
        yield watched
        watched.running.cancel()
        await asyncio.wait([watched.running])


def remove_file(server: IPCServer) -> None:
    server.path.unlink()


def remove_folder(server: IPCServer) -> None:
    shutil.rmtree(server.path.parent)


def put_a_file_in_the_folders_place(server: IPCServer) -> None:
    shutil.rmtree(server.path.parent)
    server.path.parent.touch()


def replace_file(server: IPCServer) -> None:
    server.path.unlink()
    server.path.touch()


@pytest.mark.parametrize(
    "lose", [remove_file, remove_folder, replace_file, IPCServer.close_listener]
)
async def test_a_loss_is_seen_when_asked_and_mended(watched: Watched, lose: Lose) -> None:
    assert not watched.lookout.is_lost()
    lose(watched.server)
    assert watched.lookout.is_lost()
    await watched.until_back()
    assert not watched.lookout.is_lost()
    assert await watched.is_connectable()


async def test_a_loss_that_nobody_asks_about_is_seen_too(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.01)
    other = Watched(watched.server)
    remove_file(watched.server)
    await other.until_back()
    assert await watched.is_connectable()
    other.running.cancel()


async def test_what_is_in_the_way_is_waited_out(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "RETRY_SECONDS", 0.01)
    put_a_file_in_the_folders_place(watched.server)
    assert watched.lookout.is_lost()
    failed = asyncio.Event()
    listen = watched.server.listen

    async def listen_told() -> None:
        try:
            await listen()
        except OSError:
            failed.set()
            raise

    monkeypatch.setattr(watched.server, "listen", listen_told)
    await asyncio.wait_for(failed.wait(), WAIT_SECONDS)
    assert watched.lookout.is_lost()
    watched.server.path.parent.unlink()
    await watched.until_back()
    assert await watched.is_connectable()
