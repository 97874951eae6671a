"""A port is had, or it is said why not; nobody else's is ever taken."""

from __future__ import annotations

import multiprocessing
import os
import socket
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from shared_contracts.errors import AppError, PortTakenError
from shared_contracts.ports import address_of, listen, listen_again, port_of

NOBODY = 65_534
SPAWN = multiprocessing.get_context("spawn")
SETTING = "INTERVIEW_APP_PORT"


def first_unprivileged_port() -> int:
    return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())


def listen_as_anybody(port: int, answer: Connection) -> None:
    """In a process without root's rights."""
    if os.geteuid() == 0:
        os.setuid(NOBODY)
    try:
        listen(port, SETTING).close()
    except AppError as error:
        answer.send((error.code, error.message, error.details))
    else:
        answer.send(None)


def test_any_free_port_is_taken_on_this_computer_alone() -> None:
    with listen(0, SETTING) as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1"
        assert address_of(listener) == f"127.0.0.1:{port}"
        assert port_of(listener) == port


def test_the_port_of_before_is_taken_again() -> None:
    with listen(0, SETTING) as listener:
        port = port_of(listener)
    with listen_again(port) as listener:
        assert port_of(listener) == port


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104
def test_a_port_that_is_taken_is_said_and_left_to_its_owner(host: str) -> None:
    with socket.create_server((host, 0)) as owner:
        port = owner.getsockname()[1]
        with pytest.raises(PortTakenError, match=f"Port {port}, which {SETTING} asks") as raised:
            listen(port, SETTING)
        assert raised.value.details == {"port": port, "setting": SETTING}
        with listen_again(port) as other:
            assert port_of(other) != port
        with socket.create_connection(("127.0.0.1", port)) as caller:
            accepted, address = owner.accept()
            accepted.close()
            assert address == caller.getsockname()


@pytest.mark.skipif(first_unprivileged_port() == 0, reason="here every port is anybody's")
def test_a_port_kept_for_the_system_is_said() -> None:
    ours, theirs = SPAWN.Pipe()
    port = first_unprivileged_port() - 1
    process = SPAWN.Process(target=listen_as_anybody, args=(port, theirs))
    process.start()
    code, message, details = ours.recv()
    process.join()
    assert code == "PORT002"
    assert message == f"The system doesn't let you use port {port}, which {SETTING} asks for."
    assert details == {"port": port, "setting": SETTING}
