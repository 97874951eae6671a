"""Only who has the token gets in, everybody who asked is answered, and nobody fills memory."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from main_process.ipc import server as ipc_server
from main_process.ipc.router import Router
from main_process.ipc.server import IPCServer
from main_process.services import Services
from shared_contracts import transport
from shared_contracts.envelope import MAX_MESSAGE_BYTES, Event
from shared_contracts.framing import FRAME_BYTES, frame
from tests.unit.main_process.ipc.conftest import Handlers, call, greeted, hello

MEGABYTE = 1_000_000


def is_there(path: Path) -> bool:
    return path.exists()


def modes(path: Path) -> tuple[int, int]:
    return path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777


async def test_only_the_owner_can_reach_the_socket_and_it_goes_with_the_server(
    app: Services, router: Router
) -> None:
    async with IPCServer.open(router, app.events) as server:
        assert modes(server.path) == (0o600, 0o700)
    assert not is_there(server.path.parent)


async def test_every_run_has_a_token_of_its_own(app: Services, router: Router) -> None:
    async with (
        IPCServer.open(router, app.events) as one,
        IPCServer.open(router, app.events) as other,
    ):
        assert one.token != other.token
        assert min(len(one.token), len(other.token)) >= 32


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (hello("wrong"), "IPC005"),
        (hello(""), "IPC005"),
        (hello("ü"), "IPC005"),
        (b"", "VAL001"),
        (b"wait", "VAL001"),
        (b"\xff", "VAL001"),
        (b'{"token": "\xff"}', "VAL001"),
        (b"[" * 100_000, "VAL001"),
        (b'{"token": 5}', "VAL001"),
        (b'{"token": "x", "more": 1}', "VAL001"),
        (b'{"id": "1", "timestamp": 0, "channel": "app:health:get", "payload": {}}', "VAL001"),
    ],
)
async def test_without_the_token_nobody_gets_in(
    server: IPCServer, handlers: Handlers, first: bytes, code: str
) -> None:
    async with call(server) as program:
        program.send(first, hello(server.token))
        program.ask("1", "wait")
        assert await program.last_word("hello") == code
    assert handlers.begun.empty()


async def test_another_user_is_refused_whatever_token_they_have(
    server: IPCServer, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    async with call(server) as program:
        # Before a word is said: their token is not even looked at.
        assert await program.last_word("hello") == "IPC005"
    assert handlers.begun.empty()


async def test_who_says_nothing_is_not_kept(
    server: IPCServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipc_server, "HELLO_SECONDS", 0.01)
    async with call(server) as program:
        assert await program.last_word("hello") == "IPC005"


async def test_more_connections_than_anybody_needs_are_refused(
    server: IPCServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipc_server, "MAX_CONNECTIONS", 1)
    async with greeted(server) as program, call(server) as other:
        assert await other.last_word("hello") == "IPC006"
        await program.answers()


async def test_many_are_under_way_at_once_and_answered_as_they_are_done(
    server: IPCServer, handlers: Handlers
) -> None:
    async with greeted(server) as program:
        program.ask("slow", "wait", text="slow")
        program.ask("quick", "echo", text="quick")
        assert await program.text("quick") == "quick"
        handlers.go.set()
        assert await program.text("slow") == "slow"


async def test_messages_arrive_whole_in_whatever_pieces(server: IPCServer) -> None:
    body = b'{"id":"1","timestamp":0,"channel":"app:note:echo","payload":{"text":"slow"}}'
    async with greeted(server) as program:
        for byte in frame(body) + frame(body.replace(b"slow", b"talker")):
            program.send_raw(bytes([byte]))
        assert (await program.text("1"), await program.text("1")) == ("slow", "talker")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ((FRAME_BYTES + 1).to_bytes(4, "big") + b"\x01", "IPC004"),
        (b"\xff" * 5, "IPC004"),
        (b"\0\0\0\5\2" + (MAX_MESSAGE_BYTES + 1).to_bytes(4, "big") + b"x", "IPC004"),
        (b"\0\0\0\4\2\0\0\0\1", "IPC009"),
        (b"\0\0\0\6\2\0\0\0\1xx", "IPC009"),
        (b"\0\0\0\5\2\0\0\0\2x" + b"\0\0\0\5\2\0\0\0\2x", "IPC009"),
    ],
    ids=["too long", "nonsense", "too long in parts", "empty part", "part too long", "part twice"],
)
async def test_what_can_not_be_read_on_from_ends_the_connection_with_a_code_and_no_other(
    server: IPCServer, data: bytes, code: str
) -> None:
    async with greeted(server) as program, greeted(server) as other:
        program.send_raw(data)
        assert await program.last_word() == code
        await other.answers()


@pytest.mark.parametrize("kind", [0, 5, 6, 255])
async def test_a_kind_of_frame_that_nobody_takes_is_answered_and_skipped(
    server: IPCServer, kind: int
) -> None:
    async with greeted(server) as program:
        program.send_raw(b"\0\0\0\3" + bytes([kind]) + b"any")
        assert await program.code() == "IPC009"
        await program.answers()


@pytest.mark.parametrize("fields", [{}, {"type": "cancel"}, {"type": "more", "id": "1"}])
async def test_a_control_message_of_another_form_is_val001(
    server: IPCServer, fields: dict[str, str]
) -> None:
    async with greeted(server) as program:
        program.control(**fields)
        assert await program.code() == "VAL001"
        await program.answers()


async def test_a_request_that_is_taken_back_ends_its_handler_and_is_answered(
    server: IPCServer, handlers: Handlers
) -> None:
    async with greeted(server) as program:
        program.ask("1", "wait", text="this")
        program.control(type="cancel", id="1")
        program.control(type="cancel", id="nobody's")
        assert await program.code("1") == "IPC008"
        assert handlers.ended.get_nowait() == "this: cancelled"
        await program.answers()


async def test_who_wants_events_hears_them_and_nobody_else(
    app: Services, server: IPCServer
) -> None:
    async with greeted(server) as program, greeted(server, events=False) as deaf, call(server):
        app.events.publish(Event(topic="health", ids=("1",)))
        assert await program.event() == Event(topic="health", ids=("1",))
        await deaf.answers()


async def test_events_are_of_the_topics_subscribed_to(app: Services, server: IPCServer) -> None:
    async with greeted(server) as program:
        program.control(type="subscribe", id="s", topics=["health"])
        assert (await program.response()).id == "s"
        app.events.changed("questions")
        app.events.changed("health")
        assert (await program.event()).topic == "health"
        program.control(type="subscribe", id="t", topics=["gossip"])
        assert await program.code("t") == "VAL001"


async def test_who_hangs_up_is_forgotten_with_their_questions_but_not_with_their_changes(
    app: Services, server: IPCServer, handlers: Handlers
) -> None:
    async with greeted(server) as program:
        program.ask("1", "wait", text="a question")
        program.ask("2", "change", text="a change")
        await handlers.begun.get()
        await handlers.begun.get()
        program.hang_up()
        assert await handlers.ended.get() == "a question: cancelled"
    async with greeted(server) as other:
        handlers.go.set()
        assert (await other.event()).topic == "questions"
        assert handlers.ended.get_nowait() == "a change: done"
        assert len(server.connections) == 1


async def test_closing_answers_what_is_under_way_and_then_hangs_up(
    app: Services, router: Router, handlers: Handlers
) -> None:
    async with IPCServer.open(router, app.events) as server, greeted(server) as program:
        program.ask("1", "wait", text="x")
        await handlers.begun.get()
        asyncio.get_running_loop().call_soon(handlers.go.set)
        await server.close_connections()
        assert await program.text("1") == "x"
        assert await program.receive() is None


async def test_a_short_answer_overtakes_a_long_one(server: IPCServer) -> None:
    async with greeted(server) as program:
        program.ask("long", "echo", text="x" * 1_000, times=8_000)
        program.ask("short", "echo", text="y")
        assert await program.text("short") == "y"
        assert len(await program.text("long")) == 8 * MEGABYTE


async def test_a_long_question_is_read_as_well(server: IPCServer) -> None:
    async with greeted(server) as program:
        program.ask("1", "echo", text="é" * MEGABYTE)
        assert await program.text("1") == "é" * MEGABYTE


async def test_who_has_much_under_way_is_read_from_no_further(
    server: IPCServer, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipc_server, "MAX_IN_FLIGHT", 3)
    async with greeted(server) as program, greeted(server) as other:
        for number in range(10):
            program.ask(str(number), "wait", text=str(number))
        for _ in range(3):
            await handlers.begun.get()
        await other.answers()
        assert handlers.begun.empty()
        handlers.go.set()
        assert [await program.text(str(number)) for number in range(10)] == list("0123456789")


async def test_who_does_not_read_is_asked_no_more_of_and_told_once_what_changed(
    app: Services, server: IPCServer
) -> None:
    async with greeted(server) as program, greeted(server) as other:
        program.ask("1", "echo", text="x" * 1_000, times=4_000)
        program.ask("2", "echo", text="read later")
        await other.answers()
        (connection,) = (each for each in server.connections if each.is_full)
        before = connection.unsent_bytes
        for number in range(1_000):
            app.events.publish(Event(topic="sessions", ids=(str(number),)))
            app.events.publish(Event(topic="health"))
        assert connection.unsent_bytes == before
        received = [await program.receive() for _ in range(4)]
        topics = {each for each in received if isinstance(each, Event)}
        assert topics == {Event(topic="sessions"), Event(topic="health")}


async def test_short_answers_that_nobody_reads_are_bounded_too(server: IPCServer) -> None:
    async with greeted(server, events=False) as program, greeted(server) as other:
        for number in range(20_000):
            program.ask(str(number), "echo", text="x" * 100, times=10)
        while not (slow := [each for each in server.connections if each.is_held]):
            await other.answers()
        assert slow[0].unsent_bytes < 2 * transport.BEHIND_BYTES
        assert [(await program.response()).id for _ in range(20_000)][-1] == "19999"


async def test_who_never_reads_is_cut_off_with_a_code(
    server: IPCServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "CLOSE_SECONDS", 0.01)
    server.stuck_seconds = 0.01
    async with greeted(server, events=False) as program, greeted(server) as other:
        program.ask("1", "echo", text="x" * 1_000, times=4_000)
        await other.answers()
        (stuck,) = (each for each in server.connections if each.is_full)
        await stuck.closed.wait()
        assert len(server.connections) == 1
        await other.answers()


async def test_who_reads_a_little_after_being_given_up_on_learns_why(server: IPCServer) -> None:
    server.stuck_seconds = 0.01
    async with greeted(server, events=False) as program, greeted(server) as other:
        program.ask("1", "echo", text="x" * 1_000, times=4_000)
        await other.answers()
        (stuck,) = (each for each in server.connections if each.is_full)
        while not stuck.is_closing:
            await other.answers()
        assert await program.last_word() == "IPC007"


async def test_answers_that_pile_up_unread_are_bounded(
    server: IPCServer, handlers: Handlers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ipc_server, "MAX_UNSENT_BYTES", 5 * MEGABYTE)
    async with greeted(server, events=False) as program:
        for number in range(4):
            program.ask(str(number), "wait", text="x" * 2 * MEGABYTE)
        for _ in range(4):
            await handlers.begun.get()
        handlers.go.set()
        assert await program.last_word() == "IPC007"


async def test_a_lost_listener_is_noticed_and_comes_back_with_connections_kept(
    server: IPCServer,
) -> None:
    async with greeted(server) as program:
        shutil.rmtree(server.path.parent)
        assert not server.is_reachable()
        await server.listen()
        async with greeted(server) as other:
            await other.answers()
        await program.answers()
