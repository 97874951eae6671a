"""The profile folder: made private, proven writable, and used by one running app at a time."""

from __future__ import annotations

import contextlib
import os
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import filelock
import msgspec
import platformdirs

from shared_contracts.channels import WINDOW_RAISE
from shared_contracts.contract import Contract
from shared_contracts.envelope import Hello, IPCRequest, RawResponse
from shared_contracts.errors import AnotherInstanceError, ProfileNotWritableError, from_ipc
from shared_contracts.framing import FrameReader, frame
from shared_contracts.health import RaiseWindow

Mode = Literal["window", "headless", "browser"]
RAISE_SECONDS = 10.0
"""How long a second start waits for the first one, which may be starting itself."""
_POLL_SECONDS = 0.05


class RunInfo(Contract):
    """How to reach the running app; lies in run.json, which only its owner can read."""

    pid: int
    mode: Mode
    socket: str
    token: str
    http_port: int = 0


def default_folder() -> Path:
    """Where the platform keeps a person's data."""
    return Path(platformdirs.user_data_dir("interview-app", appauthor=False))


def run_file(folder: Path) -> Path:
    """The file that holds the RunInfo of the app that uses `folder`."""
    return folder / "run.json"


def database_file(folder: Path) -> Path:
    """The database of `folder`."""
    return folder / "interview.db"


def export_folder(folder: Path) -> Path:
    """Where exports go when the person has no folder for downloads."""
    return folder / "exports"


def log_folder(folder: Path) -> Path:
    """Where the log files of `folder` are."""
    return folder / "logs"


def without_home(path: Path) -> str:
    """The path as a person may pass it on: the home folder, which bears their name, is `~`."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111  Path.home() raises where there is none
    at_home = path.is_relative_to(home) and home != Path(home.anchor)
    return f"~/{path.relative_to(home)}" if at_home else str(path)


@contextlib.contextmanager
def open_profile(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process.

    Raises ProfileNotWritableError (DB005) and AnotherInstanceError (APP001).
    """
    lock = filelock.FileLock(folder / "interview-app.lock", mode=0o600)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(folder)
        log_folder(folder).mkdir(mode=0o700, exist_ok=True)
        lock.acquire(blocking=False)
        _sweep(folder)
    except filelock.Timeout:
        raise AnotherInstanceError from None
    except OSError as error:
        raise _not_writable(folder, error) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            run_file(folder).unlink(missing_ok=True)
        lock.release()


def write_run_info(folder: Path, info: RunInfo) -> None:
    """Say how to reach this app. Raises ProfileNotWritableError (DB005)."""
    new = folder / "run.json.new"
    try:
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.encode(info))
        new.replace(run_file(folder))
    except OSError as error:
        raise _not_writable(folder, error) from error


def raise_other_window(folder: Path, timeout_seconds: float = RAISE_SECONDS) -> None:
    """Ask the app that holds `folder` to show its window.

    Raises AnotherInstanceError (APP001) when it has none, or doesn't answer in time.
    """
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        info = _read_run_info(folder)
        if info and info.mode != "window":
            message = f"The app is running with this profile already, in {info.mode} mode."
            raise AnotherInstanceError(message, details={"pid": info.pid})
        if info and _ask_to_raise(info, deadline - time.monotonic()):
            return
        time.sleep(_POLL_SECONDS)
    raise AnotherInstanceError


def _sweep(folder: Path) -> None:
    """Remove the socket's folder of a run that was killed; the lock says that it is over."""
    info = _read_run_info(folder)
    left = Path(info.socket) if info else None
    if left and left.is_socket():
        with contextlib.suppress(OSError):
            left.unlink()
            left.parent.rmdir()
    run_file(folder).unlink(missing_ok=True)


def _write_once(folder: Path) -> None:
    # os.access() is always true for root, and knows nothing of a full or read-only disk.
    probe = folder / f".probe-{uuid.uuid4().hex}"
    try:
        probe.write_bytes(b"probe")
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)


def _not_writable(folder: Path, error: OSError) -> ProfileNotWritableError:
    reason = error.strerror or str(error)
    message = f"The profile folder {folder} can't be written: {reason}."
    return ProfileNotWritableError(message, details={"folder": str(folder), "reason": reason})


def _read_run_info(folder: Path) -> RunInfo | None:
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(run_file(folder).read_bytes(), type=RunInfo)
    return None


def _ask_to_raise(info: RunInfo, timeout_seconds: float) -> bool:
    """Whether the app of `info` took the request; False when nobody answers at its socket."""
    request = IPCRequest(
        id="raise", timestamp=time.time() * 1000, channel=WINDOW_RAISE.name, payload=RaiseWindow()
    )
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(max(timeout_seconds, _POLL_SECONDS))
            connection.connect(info.socket)
            responses = _responses(connection)
            for message in (Hello(token=info.token, events=False), request):
                connection.sendall(frame(msgspec.json.encode(message)))
                response = next(responses)
                if response.error:
                    raise from_ipc(response.error)
    except (OSError, StopIteration, msgspec.DecodeError):
        return False
    return True


def _responses(connection: socket.socket) -> Iterator[RawResponse]:
    frames = FrameReader()
    while data := connection.recv(65_536):
        for body in frames.feed(data):
            yield msgspec.json.decode(body, type=RawResponse)
