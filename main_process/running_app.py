"""Asks the app that holds a profile, over its socket, from another process of the same person."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from main_process.profile_folder import RunInfo, read_run_info
from shared_contracts.channels import WINDOW_RAISE, Channel
from shared_contracts.envelope import Hello, IPCRequest, RawResponse
from shared_contracts.errors import AnotherInstanceError, from_ipc
from shared_contracts.framing import FrameReader, frame
from shared_contracts.health import RaiseWindow
from shared_contracts.transport import check_own

Request = TypeVar("Request")
Reply = TypeVar("Reply")
WAIT_SECONDS = 10.0
"""How long a second process waits for the first one, which may be starting itself."""
_POLL_SECONDS = 0.05


def raise_other_window(folder: Path, timeout_seconds: float = WAIT_SECONDS) -> None:
    """Ask the app that holds `folder` to show its window.

    Raises AnotherInstanceError (APP001) when it has none, or doesn't answer in time.
    """
    for info in _runs(folder, timeout_seconds):
        if info.mode != "window":
            message = f"The app is running with this profile already, in {info.mode} mode."
            raise AnotherInstanceError(message, details={"pid": info.pid})
        if _ask(info, WINDOW_RAISE, RaiseWindow(), timeout_seconds) is not None:
            return
    raise AnotherInstanceError


def ask(
    folder: Path,
    channel: Channel[Request, Reply],
    request: Request,
    timeout_seconds: float = WAIT_SECONDS,
) -> Reply:
    """What the app that holds `folder` answers; it has the channel's own time for that.

    Raises AnotherInstanceError (APP001) when it doesn't listen in time, and what it answers.
    """
    for info in _runs(folder, timeout_seconds):
        reply = _ask(info, channel, request, channel.timeout_seconds + timeout_seconds)
        if reply is not None:
            return reply
    raise AnotherInstanceError


def _runs(folder: Path, timeout_seconds: float) -> Iterator[RunInfo]:
    """The run of the app that uses the folder, again and again until the time is over."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        info = read_run_info(folder)
        if info:
            yield info
        time.sleep(_POLL_SECONDS)


def _ask(
    info: RunInfo, channel: Channel[Request, Reply], payload: Request, timeout_seconds: float
) -> Reply | None:
    """The app's reply; None when nobody answers at its socket."""
    request = IPCRequest(
        id="asked", timestamp=time.time() * 1000, channel=channel.name, payload=payload
    )
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(timeout_seconds)
            connection.connect(info.socket)
            check_own(connection)
            responses = _responses(connection)
            _say(connection, responses, Hello(token=info.token, events=False))
            data = _say(connection, responses, request)
            return msgspec.json.decode(data, type=channel.reply)
    except (OSError, StopIteration, msgspec.DecodeError):
        return None


def _say(
    connection: socket.socket, responses: Iterator[RawResponse], message: object
) -> msgspec.Raw:
    """What is answered. Raises the AppError that comes in its place."""
    connection.sendall(frame(msgspec.json.encode(message)))
    response = next(responses)
    if response.error:
        raise from_ipc(response.error)
    return response.data


def _responses(connection: socket.socket) -> Iterator[RawResponse]:
    frames = FrameReader()
    while data := connection.recv(65_536):
        for body in frames.feed(data):
            yield msgspec.json.decode(body, type=RawResponse)
