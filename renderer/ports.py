"""The port on 127.0.0.1 that the page is served at."""

from __future__ import annotations

import socket

import structlog


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 at `port`, or at any port that is free when it is 0 or taken."""
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as error:
        if port == 0:
            raise
        structlog.get_logger(__name__).warning("port taken", port=port, reason=error.strerror)
        return listen(0)


def address_of(listener: socket.socket) -> str:
    """The host:port that `listener` is bound to."""
    host, port = listener.getsockname()
    return f"{host}:{port}"
