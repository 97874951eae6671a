"""Two ends of a connection: whatever is sent arrives whole, once, at the pace it is read."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_contracts import transport
from shared_contracts.errors import AppError
from shared_contracts.framing import FRAME_BYTES, FrameKind
from shared_contracts.transport import Link, Listener, connect, peer_of, private_folder

WAIT_SECONDS = 10


class End(Link):
    """One end that keeps what it takes."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: asyncio.Queue[tuple[int, bytes]] = asyncio.Queue()
        self.failure: AppError | None = None
        self.hold_after = -1

    def take(self, kind: int, body: memoryview) -> None:
        self.taken.put_nowait((kind, bytes(body)))
        if self.taken.qsize() == self.hold_after:
            self.hold()

    def unreadable(self, error: AppError) -> None:
        self.failure = error
        self.close()

    async def message(self) -> bytes:
        kind, body = await asyncio.wait_for(self.taken.get(), WAIT_SECONDS)
        assert kind == FrameKind.MESSAGE
        return body

    def write_raw(self, data: bytes) -> None:
        self._transport.write(data)

    def user(self) -> int:
        return peer_of(self._transport).user


@asynccontextmanager
async def pair() -> AsyncIterator[tuple[End, End]]:
    """Both ends of a new connection."""
    accepted: asyncio.Queue[End] = asyncio.Queue()

    def accept() -> End:
        end = End()
        accepted.put_nowait(end)
        return end

    with private_folder() as folder:
        listener = Listener(folder / "pair.sock", accept)
        await listener.listen()
        near = await connect(End, str(listener.path))
        near.send(b"first")
        far = await asyncio.wait_for(accepted.get(), WAIT_SECONDS)
        assert await far.message() == b"first"
        try:
            yield near, far
        finally:
            near.close()
            await asyncio.wait_for(near.closed.wait(), WAIT_SECONDS)
            await asyncio.wait_for(far.closed.wait(), WAIT_SECONDS)
            listener.close_listener()


sizes = st.integers(0, 200) | st.integers(FRAME_BYTES - 3, FRAME_BYTES + 3) | st.just(900_000)


@settings(max_examples=20)
@given(st.lists(sizes, max_size=30), st.data())
async def test_all_arrive_once_and_long_ones_in_their_order(
    lengths: list[int], data: st.DataObject
) -> None:
    sent = [b"%d:" % number + b"x" * length for number, length in enumerate(lengths)]
    async with pair() as (near, far):
        for message in sent:
            near.send(message)
            if data.draw(st.booleans()):
                await asyncio.sleep(0)
        received = [await far.message() for _ in sent]
    assert sorted(received) == sorted(sent)
    for is_long in (True, False):
        order = [each for each in received if (len(each) > FRAME_BYTES) == is_long]
        assert order == [each for each in sent if (len(each) > FRAME_BYTES) == is_long]


async def test_what_is_held_is_taken_after_the_release() -> None:
    async with pair() as (near, far):
        far.hold_after = 3
        for number in range(10):
            near.send(b"%d" % number)
        assert [await far.message() for _ in range(3)] == [b"0", b"1", b"2"]
        far.hold_after = -1
        assert far.is_held
        assert far.taken.empty()
        far.release()
        assert [await far.message() for _ in range(7)] == [b"%d" % n for n in range(3, 10)]


async def test_who_is_held_back_makes_the_other_side_full_and_then_not() -> None:
    async with pair() as (near, far):
        far.hold()
        near.send(b"x" * 5_000_000)
        assert near.is_full
        assert not near.is_behind
        assert near.unsent_bytes > 4_000_000
        for _ in range(transport.BEHIND_MESSAGES):
            near.send(b"x" * (FRAME_BYTES + 1))
        assert near.is_behind
        far.release()
        assert len(await far.message()) == 5_000_000
        for _ in range(transport.BEHIND_MESSAGES):
            await far.message()
        assert not near.is_full
        assert near.unsent_bytes == 0


async def test_a_control_message_waits_for_the_long_ones_before_it() -> None:
    async with pair() as (near, far):
        far.hold()
        long = b"x" * 3_000_000
        near.send(long)
        assert near.is_unsent(long)
        near.send_control(b"about it")
        near.send(b"short")
        far.release()
        taken = [await asyncio.wait_for(far.taken.get(), WAIT_SECONDS) for _ in range(3)]
        assert [body for _, body in taken] == [b"short", long, b"about it"]
        assert taken[2][0] == FrameKind.CONTROL
        assert not near.is_unsent(long)
        near.send_control(b"more")
        assert await asyncio.wait_for(far.taken.get(), WAIT_SECONDS) == (3, b"more")


async def test_closing_sends_what_is_left_first() -> None:
    async with pair() as (near, far):
        far.hold()
        near.send(b"x" * 3_000_000)
        near.send(b"short")
        near.close()
        near.send(b"too late")
        near.send_control(b"too late")
        near.release()
        far.release()
        assert {len(await far.message()) for _ in range(2)} == {5, 3_000_000}
        await asyncio.wait_for(far.closed.wait(), WAIT_SECONDS)
        assert far.taken.empty()


async def test_closing_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "CLOSE_SECONDS", 0.01)
    async with pair() as (near, far):
        far.hold()
        near.send(b"x" * 3_000_000)
        near.close()
        await asyncio.wait_for(near.closed.wait(), WAIT_SECONDS)
        far.release()


async def test_what_can_not_be_read_is_said_to_the_end_that_reads() -> None:
    async with pair() as (near, far):
        near.write_raw(b"\xff" * 10)
        await asyncio.wait_for(far.closed.wait(), WAIT_SECONDS)
        assert far.failure
        assert far.failure.code == "IPC004"


async def test_the_user_at_the_other_end_is_known() -> None:
    async with pair() as (_, far):
        assert far.user() == os.geteuid()


def modes(path: Path) -> tuple[int, int]:
    return path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """One that listens."""
    with private_folder() as folder:
        listener = Listener(folder / "any.sock", End)
        await listener.listen()
        yield listener
        listener.close_listener()


async def test_a_lost_listener_is_noticed_and_comes_back(listener: Listener) -> None:
    assert modes(listener.path) == (0o600, 0o700)
    assert listener.is_reachable()
    shutil.rmtree(listener.path.parent)
    assert not listener.is_reachable()
    await listener.listen()
    assert listener.is_reachable()
    assert modes(listener.path) == (0o600, 0o700)


async def test_a_file_or_a_listener_that_is_not_its_own_is_no_way_in(listener: Listener) -> None:
    listener.path.unlink()
    listener.path.touch()
    assert not listener.is_reachable()
    await listener.listen()
    listener.close_listener()
    assert not listener.is_reachable()
    await listener.listen()
    assert listener.is_reachable()


async def test_a_folder_that_others_may_enter_is_not_listened_in(listener: Listener) -> None:
    shutil.rmtree(listener.path.parent)
    listener.path.parent.mkdir(mode=0o755)
    with pytest.raises(PermissionError):
        await listener.listen()
    assert not listener.is_reachable()


def test_a_socket_folder_of_the_platform_is_used_if_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with private_folder() as folder:
        assert folder.parent == tmp_path
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    with private_folder() as folder:
        assert tmp_path not in folder.parents


async def test_nothing_is_said_to_another_users_program(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be shown the run's token."""
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(PermissionError):
        await connect(End, str(listener.path))
