"""A child process as seen from inside: its link to the main process, its log, its end.

The main process starts `run_child` with the name of a module that has `run(link, options)`.
Names of loggers are the modules' own (`structlog.get_logger(__name__)`): they choose the log file.
"""

from __future__ import annotations

import ctypes
import importlib
import logging
import logging.handlers
import multiprocessing.connection
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, NoReturn, cast, get_type_hints

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from shared_contracts.contract import Contract
from shared_contracts.envelope import IPCError
from shared_contracts.errors import AppError
from shared_contracts.metrics import RendererMetrics
from shared_contracts.problem import Choice

STOP = b"stop"
"""What the main process sends when the child is to end."""
PING = b"ping"
"""What it sends to hear whether the child still does its work."""
FLUSH_SECONDS = 1.0
"""How long the last log records may take on their way out; the child ends after it in any case."""
_PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Ready(Contract, tag="ready"):
    """The child serves on 127.0.0.1:`port`."""

    port: int


class Refused(Contract, tag="refused"):
    """The child can't start, and starting it again won't help."""

    error: IPCError


class Pong(Contract, tag="pong"):
    """The child does its work; `numbers` are what the renderer counted."""

    numbers: RendererMetrics | None = None


class Chosen(Contract, tag="chosen"):
    """What the person chose on the page that shows a problem."""

    choice: Choice


Report = Ready | Refused | Pong | Chosen


class Connect(Contract, tag="connect"):
    """Main is ready to be asked, at this Unix socket; sent to the renderer, which starts first.

    Over HTTP it is asked on 127.0.0.1:`http_port`: about all when not `use_ipc`, about
    `http_channels` in any case, and about the others while the socket is lost.
    """

    socket: str
    token: str
    http_port: int = 0
    use_ipc: bool = True
    http_channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChildLink:
    """What a child is given. `log_levels` are by logger name, "" being all the others."""

    name: str
    connection: multiprocessing.connection.Connection
    log_queue: Any
    log_levels: Mapping[str, int] = field(default_factory=dict)


class Child:
    """The child's own end of its link."""

    def __init__(self, link: ChildLink) -> None:
        self._link = link
        self._turn = threading.Lock()

    def ready(self, port: int) -> None:
        """Tell the main process that 127.0.0.1:`port` is served."""
        self._report(Ready(port=port))

    def refuse(self, error: AppError) -> NoReturn:
        """Tell the main process why this child can't start, and end."""
        self._report(Refused(error=error.to_ipc()))
        self.leave(1)

    def pong(self, numbers: RendererMetrics | None = None) -> None:
        """Answer a ping, from any thread."""
        self._report(Pong(numbers=numbers))

    def choose(self, choice: Choice) -> None:
        """Tell the main process what the person chose, from any thread."""
        self._report(Chosen(choice=choice))

    def leave(self, code: int) -> NoReturn:
        """End the process at once; what was logged before still arrives."""
        self._link.log_queue.close()
        flush = threading.Thread(target=self._link.log_queue.join_thread, daemon=True)
        flush.start()
        flush.join(FLUSH_SECONDS)
        os._exit(code)

    def _report(self, report: Report) -> None:
        try:
            with self._turn:
                self._link.connection.send_bytes(msgspec.json.encode(report))
        except OSError:
            # The main process is gone; the thread that listens to it ends this one.
            structlog.get_logger(__name__).warning("main process is gone")


def run_child(module: str, link: ChildLink, options: dict[str, Any]) -> None:
    """Import `module` and call its `run`, with `options` checked against the type it declares."""
    _shield_from_terminal()
    run = importlib.import_module(module).run
    run(link, msgspec.convert(options, get_type_hints(run)["options"]))


def attach(
    link: ChildLink,
    on_stop: Callable[[], None],
    on_message: Callable[[bytes], None] | None = None,
    on_ping: Callable[[], object] | None = None,
) -> Child:
    """Make this process a good child: logs to main, dies with main, hears main.

    All three are called in a thread of their own: `on_stop` once, when main says so or is gone;
    `on_ping` has to see to it that whatever does the child's work says `pong`. Without it the
    thread says so itself, which proves little.
    """
    _shield_from_terminal()
    _die_with_parent()
    _log_to(link)
    child = Child(link)
    takes: dict[bytes, Callable[[], object]] = {STOP: on_stop, PING: on_ping or child.pong}
    threading.Thread(
        target=_listen, args=(link.connection, takes, on_message), name="main-link", daemon=True
    ).start()
    return child


def json_formatter(child: str = "") -> logging.Formatter:
    """Renders structlog's events, and other libraries' records, as one line of JSON each.

    In a child process each tells its name.
    """
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *([partial(_name_child, child)] if child else []),
            _describe_exception,
            _render,
        ],
        foreign_pre_chain=[*_STAMPS, _keep_template],
    )


def configure_structlog() -> None:
    """Send structlog's events through the standard library's loggers, whose levels then hold."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_STAMPS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def set_log_levels(levels: Mapping[str, int]) -> None:
    """Set the level of each named logger; "" is the root."""
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def _name_child(child: str, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """In every thread and task, unlike what is bound to a context."""
    event["child"] = child
    return event


def _describe_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Where it was raised and of what type; never its message, which may quote an answer."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if not info or info[0] is None:
        return event
    kind, error, trace = cast("_ExcInfo", info)
    event["exception"] = kind.__qualname__
    event["raised_at"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]
    if isinstance(error, OSError):
        event["reason"] = error.strerror
    return event


def _keep_template(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Of what a library says, its fixed words: the values in it may be anybody's."""
    record: logging.LogRecord = event["_record"]
    event["event"] = str(record.msg).partition("\n")[0]
    return event


def _render(logger: WrappedLogger, name: str, event: EventDict) -> str:
    """As one line of JSON; a path in the home folder would tell the person's name."""
    line = str(_JSON(logger, name, event))
    return line.replace(_HOME, "~") if _HOME else line


_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)
_HOME = os.path.expanduser("~").rstrip("/")  # noqa: PTH111  Path.home() raises where there is none
_STAMPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.CallsiteParameterAdder([structlog.processors.CallsiteParameter.PROCESS]),
]


def _log_to(link: ChildLink) -> None:
    handler = logging.handlers.QueueHandler(link.log_queue)
    handler.setFormatter(json_formatter(link.name))
    logging.getLogger().addHandler(handler)
    set_log_levels(link.log_levels)
    configure_structlog()


def _listen(
    connection: multiprocessing.connection.Connection,
    takes: Mapping[bytes, Callable[[], object]],
    on_message: Callable[[bytes], None] | None,
) -> None:
    try:
        while (message := connection.recv_bytes()) != STOP:
            if message in takes:
                takes[message]()
            elif on_message:
                on_message(message)
    except (EOFError, OSError):
        structlog.get_logger(__name__).warning("main process is gone")
    takes[STOP]()


def _shield_from_terminal() -> None:
    """Ctrl-C and a closed terminal reach the whole process group: main answers for all of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
