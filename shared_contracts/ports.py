"""Ports on 127.0.0.1: taken from whoever is free to give them, never from another program."""

from __future__ import annotations

import errno
import socket

from shared_contracts.errors import PortNotAllowedError, PortTakenError

HOST = "127.0.0.1"
_BACKLOG = 128


def listen(port: int, setting: str) -> socket.socket:
    """A socket that listens at `port`, which `setting` asked for; 0 is any that is free.

    It is bound here and handed on, so that nobody can take the port in between. Raises
    PortTakenError (PORT001) and PortNotAllowedError (PORT002).
    """
    try:
        return socket.create_server((HOST, port), backlog=_BACKLOG)
    except PermissionError as error:
        message = f"The system doesn't let you use port {port}, which {setting} asks for."
        raise PortNotAllowedError(message, details=_details(port, setting)) from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        message = f"Port {port}, which {setting} asks for, is in use already."
        raise PortTakenError(message, details=_details(port, setting)) from error


def listen_again(port: int) -> socket.socket:
    """A socket at the port of before, or at any when another program was quicker."""
    try:
        return listen(port, "")
    except PortTakenError:
        return listen(0, "")


def address_of(listener: socket.socket) -> str:
    """The host:port that `listener` is bound to."""
    return f"{HOST}:{port_of(listener)}"


def port_of(listener: socket.socket) -> int:
    """The port that `listener` is bound to."""
    return int(listener.getsockname()[1])


def _details(port: int, setting: str) -> dict[str, object]:
    return {"port": port, "setting": setting}
