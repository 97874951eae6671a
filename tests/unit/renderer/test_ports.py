"""The page has a port, the one asked for where it is free."""

from __future__ import annotations

from renderer.ports import address_of, listen


def test_any_free_port_is_taken_on_this_computer_alone() -> None:
    with listen(0) as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1"
        assert address_of(listener) == f"127.0.0.1:{port}"


def test_the_port_of_before_is_taken_again() -> None:
    with listen(0) as listener:
        port = listener.getsockname()[1]
    with listen(port) as listener:
        assert listener.getsockname()[1] == port


def test_a_port_that_is_taken_is_left_to_its_owner() -> None:
    with listen(0) as owner, listen(owner.getsockname()[1]) as listener:
        assert listener.getsockname()[1] != owner.getsockname()[1]
