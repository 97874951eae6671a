"""Finds a damaged database file before anybody uses it, and changes nothing of it."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

import structlog

from main_process.database.connection import BUSY_TIMEOUT_SECONDS, SQLITE_ERRORS, translate
from shared_contracts.errors import DatabaseCorruptError, ProfileNotWritableError, QueryFailedError

ALWAYS_BYTES = 32 * 1024 * 1024
"""A file up to this size is checked whole at each start: 1 ms a MB, measured."""
BACKUPS = "backups"
_HEADER = struct.Struct(">16sHBB1x3s4xI12xI8xI40x")
"""Magic, page size, versions to write and read, payload fractions, pages, schema format, encoding.

Source: https://www.sqlite.org/fileformat2.html#the_database_header
"""


def check(path: Path) -> None:
    """Look at the header, and at every page after an unclean end, when asked to, or if it is small.

    Raises DatabaseCorruptError (DB008), also when the file is gone or empty and can't be a new one;
    DatabaseLockedError or ProfileNotWritableError when it can't be read.
    """
    try:
        _check(path)
    except OSError as error:
        message = f"The database can't be read: {error.strerror}."
        raise ProfileNotWritableError(message, details={"file": error.filename}) from error


def _check(path: Path) -> None:
    was_open = any(_size(trace) for trace in traces(path))
    if not _size(path):
        _check_is_new(path)
        return
    if not was_open:
        # Else page 1 may be half written, and whole in the log.
        _check_header(path)
    if was_open or _mark(path).exists() or _size(path) <= ALWAYS_BYTES:
        _quick_check(path)
    forget_mark(path)


def check_at_next_start(path: Path) -> None:
    """Ask for the whole file to be checked: something in it was found to be wrong."""
    with suppress(OSError):  # On a full disk it can only be hoped for.
        _mark(path).touch(mode=0o600)


def forget_mark(path: Path) -> None:
    """Ask for nothing any more: it is another file now."""
    _mark(path).unlink(missing_ok=True)


def at_rest(path: Path) -> str:
    """How to open a file that nobody uses, for `connect`, so that it and its log stay as they are.

    Only an interrupted migration has to be undone before anything can be read.
    """
    wal, journal = traces(path)
    return "rw" if _size(journal) else "ro" if _size(wal) else "ro&immutable=1"


def _quick_check(path: Path) -> None:
    mode = at_rest(path)
    try:
        with closing(connect(path, mode)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except SQLITE_ERRORS as error:
        known = translate(error)
        if isinstance(known, QueryFailedError):
            # Such as "unsupported file format": SQLite has no code for everything.
            raise DatabaseCorruptError(details={"check": str(error)}) from error
        raise known from error
    if verdict != "ok":
        raise DatabaseCorruptError(details={"check": verdict})
    log = structlog.get_logger(__name__)
    log.info("database checked", bytes=_size(path), opened_as=mode)


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open the file as SQLite's URI says; nothing is begun by itself."""
    return sqlite3.connect(
        uri(path, mode), uri=True, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None
    )


def uri(path: Path, mode: str) -> str:
    """The file's name as SQLite takes it with `mode`."""
    return f"file:{quote(str(path))}?mode={mode}"


def traces(path: Path) -> tuple[Path, ...]:
    """The files that hold changes which a run didn't bring into the database when it ended."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")


def _mark(path: Path) -> Path:
    return path.with_name(f"{path.name}-check")


def _size(path: Path) -> int:
    """In bytes; 0 when there is no such file."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _check_is_new(path: Path) -> None:
    """Backups, or a log of changes, belong to a database that was there before."""
    wal, _ = traces(path)
    if _size(wal) or any((path.parent / BACKUPS).glob("*.db")):
        what = "empty" if path.exists() else "missing"
        raise DatabaseCorruptError(f"The database file is {what}.", details={"check": what})


def _check_header(path: Path) -> None:
    """Say what of the header is wrong, in a file that was closed in order."""
    with path.open("rb") as file:
        head = file.read(_HEADER.size)
    fault = "shorter than its header" if len(head) < _HEADER.size else _fault(head, _size(path))
    if fault:
        raise DatabaseCorruptError(details={"check": fault})


def _fault(head: bytes, size: int) -> str:
    magic, page_size, *versions, fractions, pages, schema_format, encoding = _HEADER.unpack(head)
    page_bytes = 65_536 if page_size == 1 else page_size
    wrong = {
        "not a database": magic != b"SQLite format 3\0",
        "impossible page size": page_bytes < 512 or page_bytes & (page_bytes - 1),  # noqa: PLR2004
        "unknown version of the format": not {*versions} <= {1, 2} or schema_format > 4,  # noqa: PLR2004
        "impossible payload fractions": fractions != bytes((64, 32, 32)),
        "unknown encoding": encoding not in {1, 2, 3},
        "truncated": size < pages * page_bytes,
    }
    return next((fault for fault, is_so in wrong.items() if is_so), "")
