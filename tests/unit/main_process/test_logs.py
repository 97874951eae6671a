"""Each area has its file; old ones go; what libraries say stays out of them."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from main_process.logs import Logs, area_of, log_levels, open_logs
from main_process.settings import Settings
from shared_contracts.child_process import ChildLink, attach

SPAWN = multiprocessing.get_context("spawn")
SECONDS = 30


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    names = [None, *log_levels(Settings())]
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _spawned_children() -> Iterator[None]:
    """As the command sets it once, for all children and their log queues."""
    before = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method("spawn", force=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def lines(folder: Path, area: str) -> list[dict[str, object]]:
    path = folder / f"{area}.log"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def log_in_child(link: ChildLink) -> None:
    child = attach(link, lambda: None)
    structlog.get_logger("renderer.ipc_client").info("from the child", word="żółw")
    child.leave(0)


def log_much(link: ChildLink) -> None:
    child = attach(link, lambda: None)
    for number in range(500):
        structlog.get_logger("renderer").info("last words", number=number)
    child.leave(0)


def hold_the_queue(link: ChildLink) -> None:
    """Write half a record, and stay with the lock held."""
    child = attach(link, lambda: None)
    link.log_queue._wlock.acquire()  # noqa: SLF001  as its feeding thread does
    os.write(link.log_queue._writer.fileno(), b"\0\0\1\0half")  # noqa: SLF001
    child.ready(1)
    threading.Event().wait()


class Child:
    """A process that logs, and the end of its link here."""

    def __init__(self, logs: Logs, name: str, target: Callable[[ChildLink], None]) -> None:
        self.name = name
        self.ours, theirs = SPAWN.Pipe()
        link = ChildLink(name, theirs, logs.queue_for_child(name), logs.levels)
        self.process = SPAWN.Process(target=target, args=(link,))
        self.process.start()
        theirs.close()


@pytest.mark.parametrize(
    ("logger", "area"),
    [
        ("main_process.ipc.server", "ipc"),
        ("renderer.ipc_client", "ipc"),
        ("main_process.database", "database"),
        ("main_process.databases", "services"),
        ("ai_service.app", "services"),
        ("httpx", "services"),
    ],
)
def test_a_loggers_name_chooses_the_file(tmp_path: Path, logger: str, area: str) -> None:
    assert area_of(logger) == area
    with open_logs(tmp_path, Settings()):
        structlog.get_logger(logger).warning("happened", count=2)
    (line,) = lines(tmp_path, area)
    assert (line["event"], line["count"], line["level"]) == ("happened", 2, "warning")


def test_a_childs_records_arrive(tmp_path: Path) -> None:
    with open_logs(tmp_path, Settings()) as logs:
        ours, theirs = SPAWN.Pipe()
        link = ChildLink("renderer", theirs, logs.queue_for_child("renderer"), logs.levels)
        process = SPAWN.Process(target=log_in_child, args=(link,))
        process.start()
        process.join(SECONDS)
    ours.close()
    theirs.close()
    (line,) = lines(tmp_path, "ipc")
    assert (line["word"], line["child"], line["process"]) == ("żółw", "renderer", process.pid)


def test_each_area_has_a_level(tmp_path: Path) -> None:
    settings = Settings(log_level="WARNING", log_level_database="DEBUG")
    with open_logs(tmp_path, settings):
        structlog.get_logger("main_process.database.queue").debug("kept")
        structlog.get_logger("main_process.app").info("dropped")
    assert [line["event"] for line in lines(tmp_path, "database")] == ["kept"]
    assert lines(tmp_path, "services") == []


def test_libraries_are_not_asked_what_they_do(tmp_path: Path) -> None:
    """SQLAlchemy would log the values of each row."""
    with open_logs(tmp_path, Settings(log_level="DEBUG")):
        logging.getLogger("sqlalchemy.engine.Engine").info("INSERT ... ('my answer')")
        logging.getLogger("aiosqlite").debug("executing ... 'my answer'")
    assert "my answer" not in "".join(path.read_text() for path in tmp_path.glob("*.log"))


def test_a_log_that_grows_is_put_aside_and_few_are_kept(tmp_path: Path) -> None:
    with open_logs(tmp_path, Settings(log_max_bytes=10_000, log_keep_files=2)):
        for number in range(600):
            structlog.get_logger("main_process").info("filling the file", number=number)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["services.log", "services.log.1", "services.log.2"]
    assert all(path.stat().st_size <= 10_000 for path in tmp_path.iterdir())
    assert lines(tmp_path, "services")[-1]["number"] == 599


def test_logs_put_aside_long_ago_are_deleted_while_it_runs_as_well(tmp_path: Path) -> None:
    old = tmp_path / "ipc.log.1"
    with open_logs(tmp_path, Settings(log_max_bytes=10_000, log_keep_days=7)):
        old.write_text("")
        eight_days_ago = time.time() - 8 * 86_400
        os.utime(old, (eight_days_ago, eight_days_ago))
        for number in range(100):
            structlog.get_logger("main_process").info("filling the file", number=number)
    assert not old.exists()


def test_the_last_words_of_every_process_arrive(tmp_path: Path) -> None:
    with open_logs(tmp_path, Settings()) as logs:
        children = [Child(logs, f"child-{number}", log_much) for number in range(3)]
        for child in children:
            child.process.join(SECONDS)
        for number in range(500):
            structlog.get_logger("main_process").info("last words", number=number)
    ours = [line["number"] for line in lines(tmp_path, "services") if "child" not in line]
    assert ours == list(range(500))
    for child in children:
        theirs = [line for line in lines(tmp_path, "services") if line.get("child") == child.name]
        assert [line["number"] for line in theirs] == list(range(500))


def test_a_child_killed_while_it_logs_holds_nobody_up(tmp_path: Path) -> None:
    """It dies with the lock of its queue in its hands, and half a record on the way."""
    with open_logs(tmp_path, Settings()) as logs:
        killed = Child(logs, "killed", hold_the_queue)
        assert killed.ours.poll(SECONDS)
        killed.process.kill()
        killed.process.join(SECONDS)
        again = Child(logs, "killed", log_much)
        other = Child(logs, "other", log_much)
        for child in (again, other):
            child.process.join(SECONDS)
            assert child.process.exitcode == 0
        structlog.get_logger("main_process").info("main's last words")
    found = lines(tmp_path, "services")
    for name in ("killed", "other"):
        theirs = [line["number"] for line in found if line.get("child") == name]
        assert theirs == list(range(500))
    assert any(line["event"] == "main's last words" for line in found)


def test_a_child_whose_record_never_ends_holds_up_no_other(tmp_path: Path) -> None:
    with open_logs(tmp_path, Settings()) as logs:
        killed = Child(logs, "a killed one", hold_the_queue)
        assert killed.ours.poll(SECONDS)
        killed.process.kill()
        killed.process.join(SECONDS)
        structlog.get_logger("main_process").info("main's last words")
    assert [line["event"] for line in lines(tmp_path, "services")] == ["main's last words"]


def test_logs_put_aside_long_ago_are_deleted(tmp_path: Path) -> None:
    old, new = tmp_path / "ipc.log.1", tmp_path / "ipc.log.2"
    for path in (old, new):
        path.write_text("")
    eight_days_ago = time.time() - 8 * 86_400
    os.utime(old, (eight_days_ago, eight_days_ago))
    with open_logs(tmp_path, Settings(log_keep_days=7)):
        assert (old.exists(), new.exists()) == (False, True)


def test_without_a_folder_nothing_is_written(tmp_path: Path) -> None:
    with open_logs(None, Settings()):
        structlog.get_logger("main_process").error("lost")
    assert list(tmp_path.iterdir()) == []
