"""Starts the real app in processes of its own, and gets at its page and its socket."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import psutil
from playwright.sync_api import Browser, BrowserContext, Page, Playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from watchfiles import watch

from shared_contracts.framing import FrameReader, frame

Where = Literal["window", "chromium"]
SECONDS = 60
_PIDFD_GETFD = 438  # Source: asm-generic/unistd.h
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Socket:
    """A client of the main process that waits for one answer at a time."""

    def __init__(self, path: str, token: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(SECONDS)
        self._socket.connect(path)
        self._reader = FrameReader()
        self._messages: list[dict[str, Any]] = []
        self._send({"token": token, "events": True})
        assert self._wait("response")["success"]

    def call(self, channel: str, payload: dict[str, Any]) -> Any:  # noqa: ANN401  JSON
        """The data of the answer; the test fails when it is an error."""
        self._send({"id": channel, "timestamp": 0, "channel": channel, "payload": payload})
        answer = self._wait("response")
        assert answer["success"], answer
        return answer["data"]

    def wait_for_event(self, topic: str) -> None:
        while self._wait("event")["topic"] != topic:
            pass

    def processes(self) -> dict[str, dict[str, Any]]:
        health = self.call("app:health:get", {})
        return {process["name"]: process for process in health["processes"]}

    def wait_until_ready(self, name: str, *, other_than: int = 0) -> int:
        """Wait for a process, told of each change by an event, and return its id."""
        while True:
            process = self.processes().get(name, {})
            if process.get("state") == "ready" and process["pid"] != other_than:
                return int(process["pid"])
            self.wait_for_event("health")

    def close(self) -> None:
        self._socket.close()

    def _send(self, message: dict[str, Any]) -> None:
        self._socket.sendall(frame(json.dumps(message).encode()))

    def _wait(self, kind: str) -> dict[str, Any]:
        while True:
            for message in self._messages:
                if message["type"] == kind:
                    self._messages.remove(message)
                    return message
            data = self._socket.recv(65_536)
            assert data, "the main process hung up"
            self._messages += [json.loads(each) for each in self._reader.feed(data)]


class Driver(Protocol):
    """What a test does with the app, wherever its page is shown."""

    app: App

    def page(self) -> Page:
        """The page that is shown now."""


@dataclass
class App:
    """One start of the app."""

    profile: Path
    mode: Literal["window", "browser", "headless"]
    environment: dict[str, str] = field(default_factory=dict)
    stderr: int | None = None

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "main_process", self.mode, "--profile", str(self.profile)],
            env={**os.environ, "INTERVIEW_APP_OPEN_BROWSER": "false", **self.environment},
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            text=True,
        )
        self._socket: Socket | None = None
        self._path = ""

    @property
    def socket(self) -> Socket:
        """A connection to this run's main process, as soon as it listens."""
        if self._socket is None:
            run = _run_info(self.profile, self.process, other_than=self._path)
            self._socket = Socket(run["socket"], run["token"])
            self._path = run["socket"]
        return self._socket

    def first_line(self) -> str:
        """What the app says first."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def tree(self) -> list[psutil.Process]:
        """The app's processes, the main one first."""
        main = psutil.Process(self.process.pid)
        return [main, *main.children(recursive=True)]

    def command_lines(self) -> list[str]:
        """How each of them was called."""
        lines = []
        for process in self.tree():
            with contextlib.suppress(psutil.NoSuchProcess):  # One may just have ended.
                lines.append(" ".join(process.cmdline()))
        return lines

    def kill(self, name: str) -> int:
        """SIGKILL the child process of this name once it is ready. Returns its id."""
        pid = self.socket.wait_until_ready(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def lose_socket(self) -> Path:
        """Take main's socket away, cut who is connected, and keep it from being made again.

        Returns what is in its way.
        """
        path = Path(_run_info(self.profile, self.process)["socket"])
        self.forget_socket()
        self._path = ""  # It will be at the same place again.
        shutil.rmtree(path.parent)
        path.parent.touch()
        for connection in _sockets_of(self.process.pid):
            with connection:
                if connection.getsockname() == str(path) and not _listens(connection):
                    connection.shutdown(socket.SHUT_RDWR)
        return path.parent

    def kill_everything(self) -> None:
        """SIGKILL the main process, and see that nothing of it is left."""
        family = self.tree()
        self.forget_socket()
        self.process.kill()
        self.process.wait(SECONDS)
        _, alive = psutil.wait_procs(family, timeout=SECONDS)
        assert alive == []

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.forget_socket()
        if self.process.poll() is None:
            family = self.tree()
            self.process.terminate()
            self.process.wait(SECONDS)
            _, alive = psutil.wait_procs(family, timeout=SECONDS)
            assert alive == []
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        return self.process.returncode

    def forget_socket(self) -> None:
        """The next connection is to another socket: the app, or its main part, starts anew."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


@contextlib.contextmanager
def virtual_screen() -> Iterator[dict[str, str]]:
    """A screen of our own, seen by nobody, as the environment of a program that shows a window."""
    program = shutil.which("Xvfb")
    assert program, "Xvfb is missing: script/test installs it"
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1700x1100x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as lines:
        number = lines.readline().strip()
    try:
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait()


class WindowDriver:
    """The real window, reached over the DevTools protocol."""

    def __init__(self, playwright: Playwright, profile: Path, environment: dict[str, str]) -> None:
        self._playwright = playwright
        self._port = free_port()
        debugging = {"INTERVIEW_APP_REMOTE_DEBUGGING_PORT": str(self._port)}
        self.app = App(profile, "window", environment | debugging)
        self._renderer = 0
        self._browser: Browser | None = None

    def page(self) -> Page:
        renderer = self.app.socket.wait_until_ready("renderer")
        if renderer != self._renderer or self._browser is None:
            self._renderer = renderer
            self._browser = connect_to_window(self._playwright, self._port)
        return self._browser.contexts[0].pages[0]

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()
        self.app.stop()


class ChromiumDriver:
    """The page in Debian's Chromium, at the one-time address that the app prints."""

    def __init__(self, browser: Browser, profile: Path, environment: dict[str, str]) -> None:
        self._context: BrowserContext = browser.new_context(viewport={"width": 1200, "height": 800})
        self._page: Page | None = None
        self.app = App(profile, "browser", environment)

    def page(self) -> Page:
        self.app.socket.wait_until_ready("renderer")
        if self._page is None:
            self._page = self._context.new_page()
            self._page.goto(address_in(self.app.first_line()))
        return self._page

    def close(self) -> None:
        self._context.close()
        self.app.stop()


def connect_to_window(playwright: Playwright, port: int) -> Browser:
    """An attempt made while the page goes from its boot address to its own never ends."""
    for last in [False] * 9 + [True]:
        try:
            return playwright.chromium.connect_over_cdp(
                f"http://127.0.0.1:{port}", no_defaults=True, is_local=True, timeout=5_000
            )
        except PlaywrightTimeoutError:
            if last:
                raise
    raise AssertionError


def address_in(line: str) -> str:
    """The address at the end of what the app says."""
    return line.rsplit(maxsplit=1)[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _sockets_of(pid: int) -> Iterator[socket.socket]:
    """Another process's Unix sockets, as our own. Source: man 2 pidfd_getfd."""
    libc = ctypes.CDLL(None, use_errno=True)
    process = os.pidfd_open(pid)
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if not str(entry.readlink()).startswith("socket:"):
                continue
            ours = libc.syscall(_PIDFD_GETFD, process, int(entry.name), 0)
            if ours < 0:
                raise OSError(ctypes.get_errno(), "another process's socket can't be reached")
            found = socket.socket(fileno=ours)
            if found.family == socket.AF_UNIX:
                yield found
            else:
                found.close()
    os.close(process)


def _listens(connection: socket.socket) -> bool:
    return bool(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _run_info(
    profile: Path, process: subprocess.Popen[str], *, other_than: str = ""
) -> dict[str, Any]:
    """What the app writes down about its run, once it has; of a socket other than this one."""
    for info in _versions_of(profile / "run.json"):
        if info.get("pid") == process.pid and info["socket"] != other_than:
            return info
        assert process.poll() is None, "the app ended before it listened"
    raise AssertionError


def _versions_of(path: Path) -> Iterator[dict[str, Any]]:
    """The file's content now, and again whenever something in its folder changes."""
    path.parent.mkdir(exist_ok=True)
    changes = watch(path.parent, step=20, rust_timeout=200, yield_on_timeout=True)
    for _ in changes:
        try:
            yield json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            yield {}
