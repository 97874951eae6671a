"""The log files: one each for ipc, database and services, fed by all processes and rotated."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import multiprocessing.queues
import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from multiprocessing_logging import MultiProcessingHandler

from main_process.settings import Settings
from shared_contracts.child_process import configure_structlog, json_formatter, set_log_levels

AREAS: dict[str, tuple[str, ...]] = {
    "ipc": ("main_process.ipc", "renderer.ipc_client", "renderer.data_service"),
    "database": ("main_process.database", "main_process.repositories", "alembic.runtime.migration"),
    "services": ("main_process", "renderer", "ai_service"),
}
"""Which loggers write where, by the start of their names; the rest goes to services."""
CLOSE_SECONDS = 0.8
"""How long the last records may take to their files once everything else has ended ..."""
CHILD_SECONDS = 0.5
"""... and those of a child, which was perhaps killed while it was writing one."""
_DAY_SECONDS = 86_400


class AreaFiles(logging.Handler):
    """Hands each record to the file of its area."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__()
        self._files = {area: _RotatingFile(folder / f"{area}.log", settings) for area in AREAS}

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; it is rendered already. The file's own lock keeps the threads apart."""
        self._files[area_of(record.name)].handle(record)

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        super().close()


class _RotatingFile(logging.handlers.RotatingFileHandler):
    """A log file; whenever it is put aside, those put aside too long ago are deleted."""

    def __init__(self, path: Path, settings: Settings) -> None:
        super().__init__(
            path,
            maxBytes=settings.log_max_bytes,
            backupCount=settings.log_keep_files,
            encoding="utf-8",
            delay=True,
        )
        self.setFormatter(logging.Formatter("%(message)s"))
        self._folder = path.parent
        self._keep_days = settings.log_keep_days

    def doRollover(self) -> None:  # noqa: N802  the standard library's name
        """Put the file aside and begin a new one."""
        super().doRollover()
        _thin_out(self._folder, self._keep_days)


class Logs:
    """Where main's own records and those of each child meet."""

    def __init__(
        self, files: logging.Handler, levels: dict[str, int], folder: Path | None = None
    ) -> None:
        self.levels = levels
        self.folder = folder
        self._files = files
        self._children: dict[str, MultiProcessingHandler] = {}
        own: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        self._handler = logging.handlers.QueueHandler(own)
        self._handler.setFormatter(json_formatter())
        self._listener = logging.handlers.QueueListener(own, files)

    def start(self) -> None:
        """Take over the root logger of this process."""
        # A full disk would otherwise print a traceback for each record.
        logging.raiseExceptions = False
        set_log_levels(self.levels)
        configure_structlog()
        logging.getLogger().addHandler(self._handler)
        self._listener.start()

    def queue_for_child(self, name: str) -> multiprocessing.queues.Queue[logging.LogRecord]:
        """A fresh queue: one that a killed child held locked would block its successor."""
        old = self._children.pop(name, None)
        if old:
            threading.Thread(target=old.close, name=f"close-log-{name}", daemon=True).start()
        handler = MultiProcessingHandler(f"log-{name}", sub_handler=_Shared(self._files))
        self._children[name] = handler
        records: multiprocessing.queues.Queue[logging.LogRecord] = handler.queue
        return records

    def close(self, timeout_seconds: float = CLOSE_SECONDS) -> None:
        """Write what is left and close the files, or give up when the time is over."""
        logging.getLogger().removeHandler(self._handler)
        closing = threading.Thread(target=self._close, name="close-logs", daemon=True)
        closing.start()
        closing.join(timeout_seconds)

    def _close(self) -> None:
        # Each on its own: a child that broke off in the middle of a record ends no queue.
        closing = [
            threading.Thread(target=child.close, daemon=True) for child in self._children.values()
        ]
        for thread in closing:
            thread.start()
        deadline = time.monotonic() + CHILD_SECONDS
        for thread in closing:
            thread.join(max(deadline - time.monotonic(), 0))
        self._listener.stop()
        # On a full disk the last lines find no place; whoever wrote something was told by its code.
        with contextlib.suppress(OSError):
            self._files.close()


class _Shared(logging.Handler):
    """Passes on to files that other queues use as well: closing one of them leaves these open."""

    def __init__(self, files: logging.Handler) -> None:
        super().__init__()
        self._files = files

    def emit(self, record: logging.LogRecord) -> None:
        self._files.handle(record)


@contextlib.contextmanager
def open_logs(folder: Path | None, settings: Settings) -> Iterator[Logs]:
    """Log into `folder`, or to nowhere when there is no folder that could be written."""
    if folder is None:
        files: logging.Handler = logging.NullHandler()
    else:
        _thin_out(folder, settings.log_keep_days)
        files = AreaFiles(folder, settings)
    logs = Logs(files, log_levels(settings), folder)
    logs.start()
    try:
        yield logs
    finally:
        logs.close()


def area_of(logger: str) -> str:
    """The file that records of `logger` belong into."""
    for area, names in AREAS.items():
        if any(logger == name or logger.startswith(f"{name}.") for name in names):
            return area
    return "services"


def log_levels(settings: Settings) -> dict[str, int]:
    """The level of each logger that has one of its own; "" is all the others.

    Those are libraries, of which only the warnings are kept: SQLAlchemy, aiosqlite and openai
    would else write down whatever passes through them.
    """
    levels = {"": "WARNING"}
    for area, names in AREAS.items():
        own = getattr(settings, f"log_level_{area}")
        levels |= dict.fromkeys(names, own or settings.log_level)
    return {name: logging.getLevelNamesMapping()[level] for name, level in levels.items()}


def _thin_out(folder: Path, keep_days: int) -> None:
    oldest = time.time() - keep_days * _DAY_SECONDS
    for path in folder.glob("*.log.*"):
        with contextlib.suppress(FileNotFoundError):  # Another log may have been quicker.
            if path.stat().st_mtime < oldest:
                path.unlink()
