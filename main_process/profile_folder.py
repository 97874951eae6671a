"""The profile folder: made private, proven writable, and used by one running app at a time."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import filelock
import msgspec
import platformdirs

from shared_contracts.contract import Contract
from shared_contracts.errors import AnotherInstanceError, ProfileNotWritableError

Mode = Literal["window", "headless", "browser"]


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
    """The database of `folder`; where it really lies if that is a link.

    SQLite keeps the log beside the real file, and so does all that goes with it here.
    """
    path = folder / "interview.db"
    return path.resolve() if path.is_symlink() else path


def export_folder(folder: Path) -> Path:
    """Where exports go when the person has no folder for downloads."""
    return folder / "exports"


def own_speech_model(folder: Path) -> Path:
    """Where a person may put a model of their own that understands speech."""
    return folder / "models" / "speech"


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


def read_run_info(folder: Path) -> RunInfo | None:
    """What the app that uses `folder` wrote down; None when there is nothing, or nothing whole."""
    with contextlib.suppress(OSError, msgspec.DecodeError):
        return msgspec.json.decode(run_file(folder).read_bytes(), type=RunInfo)
    return None


def _sweep(folder: Path) -> None:
    """Remove the socket's folder of a run that was killed; the lock says that it is over."""
    info = read_run_info(folder)
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
