"""A child process hears the main process, tells it what it serves, and loses no log record."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import structlog

from shared_contracts.child_process import (
    PING,
    STOP,
    ChildLink,
    Chosen,
    Pong,
    Ready,
    Refused,
    Report,
    attach,
    json_formatter,
    run_child,
)
from shared_contracts.contract import Contract
from shared_contracts.errors import PageMissingError
from shared_contracts.metrics import Load, RendererMetrics

HOME = os.environ["HOME"]
SPAWN = multiprocessing.get_context("spawn")
TIMEOUT_SECONDS = 20


NUMBERS = RendererMetrics(round_trip=Load(calls=7))


class Options(Contract):
    """What `run`, below, is told to do."""

    act: str


def run(link: ChildLink, options: Options) -> None:
    """The child of these tests; it runs in a process of its own."""
    stopped = threading.Event()
    heard: list[bytes] = []
    if options.act == "count":
        child = attach(link, stopped.set, on_ping=lambda: child.pong(NUMBERS))
    else:
        child = attach(link, stopped.set, heard.append)
    match options.act:
        case "count":
            child.ready(4711)
            child.choose("safe-mode")
            stopped.wait()
            child.leave(0)
        case "serve":
            child.ready(4711)
            stopped.wait()
            child.leave(len(heard))
        case "refuse":
            child.refuse(PageMissingError())
        case "log":
            for number in range(200):
                structlog.get_logger("tests.child").info("counted", number=number)
            child.leave(0)


class Started:
    """A real child with the main process's ends of its link."""

    def __init__(self, act: str) -> None:
        self.connection, theirs = SPAWN.Pipe()
        self.log_queue = SPAWN.Queue()
        link = ChildLink("tested", theirs, self.log_queue, {"": logging.INFO})
        self.process = SPAWN.Process(target=run_child, args=(__name__, link, {"act": act}))
        self.process.start()
        theirs.close()

    def report(self) -> Report:
        assert self.connection.poll(TIMEOUT_SECONDS)
        report: Report = msgspec.json.decode(self.connection.recv_bytes(), type=Report)
        return report

    def exit_code(self) -> int | None:
        self.process.join(TIMEOUT_SECONDS)
        return self.process.exitcode

    def close(self) -> None:
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()
        self.log_queue.close()


Start = Callable[[str], Started]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Started] = []

    def start_one(act: str) -> Started:
        started.append(Started(act))
        return started[-1]

    yield start_one
    for each in started:
        each.close()


def test_a_child_reports_its_port_hears_messages_and_stops(start: Start) -> None:
    child = start("serve")
    assert child.report() == Ready(port=4711)
    child.connection.send_bytes(b"first")
    child.connection.send_bytes(b"second")
    child.connection.send_bytes(STOP)
    assert child.exit_code() == 2


def test_a_ping_is_answered_and_is_no_message(start: Start) -> None:
    child = start("serve")
    child.report()
    child.connection.send_bytes(PING)
    assert child.report() == Pong()
    child.connection.send_bytes(STOP)
    assert child.exit_code() == 0


def test_a_child_can_say_what_it_counted_and_what_the_person_asked_for(start: Start) -> None:
    child = start("count")
    assert child.report() == Ready(port=4711)
    assert child.report() == Chosen(choice="safe-mode")
    child.connection.send_bytes(PING)
    assert child.report() == Pong(numbers=NUMBERS)


def test_a_child_ends_by_itself_when_main_is_gone(start: Start) -> None:
    child = start("serve")
    child.report()
    child.connection.close()
    assert child.exit_code() == 0


def test_a_child_can_refuse_to_start(start: Start) -> None:
    child = start("refuse")
    report = child.report()
    assert isinstance(report, Refused)
    assert report.error.code == "APP005"
    assert child.exit_code() == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_for_the_whole_terminal_is_left_to_main(start: Start, number: int) -> None:
    child = start("serve")
    child.report()
    assert child.process.pid
    os.kill(child.process.pid, number)
    child.connection.send_bytes(STOP)
    assert child.exit_code() == 0


def test_the_last_log_records_arrive(start: Start) -> None:
    child = start("log")
    records = [child.log_queue.get(timeout=TIMEOUT_SECONDS) for _ in range(200)]
    assert child.exit_code() == 0
    lines = [json.loads(record.getMessage()) for record in records]
    assert [line["number"] for line in lines] == list(range(200))
    assert (
        lines[0].items()
        >= {"event": "counted", "level": "info", "logger": "tests.child", "child": "tested"}.items()
    )


def _rendered(logger: logging.Logger, error: Exception) -> dict[str, Any]:
    try:
        raise error
    except (ValueError, OSError):
        record = logger.makeRecord(
            "tests", logging.ERROR, __file__, 1, "failed", (), sys.exc_info()
        )
    line: dict[str, Any] = json.loads(json_formatter().format(record))
    return line


def test_the_message_of_an_exception_stays_out_of_the_log() -> None:
    line = _rendered(logging.getLogger("tests"), ValueError("my answer to your question"))
    assert "my answer" not in json.dumps(line)
    assert line["exception"] == "ValueError"
    assert "_rendered" in line["raised_at"][-1]


def test_of_what_a_library_says_only_its_fixed_words_are_kept() -> None:
    library = logging.getLogger("library")
    record = library.makeRecord(
        "library", logging.WARNING, __file__, 1, "refused %r\nmy answer", ("my answer",), None
    )
    line = json.loads(json_formatter().format(record))
    assert (line["event"], line["level"], line["logger"]) == ("refused %r", "warning", "library")
    assert "my answer" not in json.dumps(line)


def test_the_home_folder_is_not_named() -> None:
    record = logging.getLogger("tests").makeRecord(
        "tests", logging.WARNING, __file__, 1, {"event": "at", "path": f"{HOME}/a"}, (), None
    )
    record.__dict__["_logger"], record.__dict__["_name"] = None, "warning"
    line = json.loads(json_formatter().format(record))
    assert line["path"] == "~/a"


def test_the_reason_of_an_os_error_is_kept() -> None:
    line = _rendered(
        logging.getLogger("tests"), PermissionError(13, "Permission denied", "/secret")
    )
    assert line["reason"] == "Permission denied"
    assert "/secret" not in json.dumps(line)
