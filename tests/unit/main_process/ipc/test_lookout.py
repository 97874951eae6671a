"""A lost socket is seen by whoever asks, and brought back; what is in its way is waited out."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable

import pytest

from main_process.ipc import lookout
from main_process.ipc.lookout import Lookout
from shared_contracts.transport import Link, Listener, private_folder

WAIT_SECONDS = 20
Lose = Callable[[Listener], None]


class Watched:
    """A listener with a lookout on it."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.back = asyncio.Event()
        self.lookout = Lookout(listener, self.back.set)
        self.running = asyncio.create_task(self.lookout.run())

    async def until_back(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            await self.back.wait()
        self.back.clear()

    async def is_connectable(self) -> bool:
        try:
            _, writer = await asyncio.open_unix_connection(self.listener.path)
        except OSError:
            return False
        writer.close()
        return True


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    with private_folder() as folder:
        listener = Listener(folder / "ipc.sock", Link)
        await listener.listen()
        watched = Watched(listener)
        yield watched
        watched.running.cancel()
        await asyncio.wait([watched.running])
        listener.close_listener()


def remove_file(listener: Listener) -> None:
    listener.path.unlink()


def remove_folder(listener: Listener) -> None:
    shutil.rmtree(listener.path.parent)


def put_a_file_in_the_folders_place(listener: Listener) -> None:
    shutil.rmtree(listener.path.parent)
    listener.path.parent.touch()


def replace_file(listener: Listener) -> None:
    listener.path.unlink()
    listener.path.touch()


@pytest.mark.parametrize(
    "lose", [remove_file, remove_folder, replace_file, Listener.close_listener]
)
async def test_a_loss_is_seen_when_asked_and_mended(watched: Watched, lose: Lose) -> None:
    assert not watched.lookout.is_lost()
    lose(watched.listener)
    assert watched.lookout.is_lost()
    await watched.until_back()
    assert not watched.lookout.is_lost()
    assert await watched.is_connectable()


async def test_a_loss_that_nobody_asks_about_is_seen_too(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "LOOK_SECONDS", 0.01)
    other = Watched(watched.listener)
    remove_file(watched.listener)
    await other.until_back()
    assert await watched.is_connectable()
    other.running.cancel()


async def test_what_is_in_the_way_is_waited_out(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookout, "RETRY_SECONDS", 0.01)
    put_a_file_in_the_folders_place(watched.listener)
    assert watched.lookout.is_lost()
    failed = asyncio.Event()
    listen = watched.listener.listen

    async def listen_told() -> None:
        try:
            await listen()
        except OSError:
            failed.set()
            raise

    monkeypatch.setattr(watched.listener, "listen", listen_told)
    await asyncio.wait_for(failed.wait(), WAIT_SECONDS)
    assert watched.lookout.is_lost()
    watched.listener.path.parent.unlink()
    await watched.until_back()
    assert await watched.is_connectable()
