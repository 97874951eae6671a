"""The running app: opens its parts in order, tells them of each other, closes them in reverse."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import time
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from main_process.logs import Logs
from main_process.profile_folder import (
    Mode,
    RunInfo,
    database_file,
    own_speech_model,
    run_file,
    write_run_info,
)
from main_process.settings import Settings, has_screen
from main_process.supervisor import Program, Supervisor
from shared_contracts.channels import CHANNELS
from shared_contracts.child_process import Connect
from shared_contracts.envelope import Event
from shared_contracts.errors import (
    AppError,
    DatabaseCorruptError,
    NoDisplayError,
    ProcessFailedError,
    RestoreFailedError,
)
from shared_contracts.problem import Choice, Offered, Problem

if TYPE_CHECKING:
    from main_process.ai_client import AIClient
    from main_process.backend import Backend
    from main_process.ipc.http_port import HTTPOptions
    from main_process.recovery import Offer

_NO_WINDOW = (
    "The window could not be opened: interview-app --safe-mode draws it without the graphics card."
)
Announce = Callable[[str], None]
"""Says a line to the person, or to the script, that started the app."""


class App:
    """One run of the app with one profile."""

    def __init__(
        self, mode: Mode, folder: Path, settings: Settings, logs: Logs, announce: Announce
    ) -> None:
        self._mode: Mode = mode
        self._folder = folder
        self._settings = settings
        self._renderer = Renderer(mode, settings, announce)
        self._announce = announce
        self._logs = logs
        self._backend: Backend | None = None
        self._restart = asyncio.Event()
        self._given_up: set[str] = set()
        self._ending_since = time.monotonic()

    async def run(self) -> None:
        """Run until a signal comes or the window is closed.

        Raises the AppError that keeps the app from starting or from going on; NoDisplayError
        (APP002) when it is the window that can't be opened.
        """
        stop = _stop_on_signals()
        await self._run_or_mend(stop)
        while self._restart.is_set():
            self._restart.clear()
            self._given_up.clear()
            self._renderer.start_anew()
            await self._run_or_mend(stop)

    async def _run_or_mend(self, stop: asyncio.Event) -> None:
        """Run; a damaged database is mended as the person chooses. Raises DB008 if they don't."""
        from main_process import recovery

        while True:
            try:
                return await self._run_once(stop)
            except DatabaseCorruptError as error:
                database = database_file(self._folder)
                offer = await asyncio.to_thread(recovery.assess, database, error)
                if self._mode == "headless" or not await self._mend(database, offer, stop):
                    raise recovery.explained(offer) from error
            self._renderer.start_anew()

    async def _mend(self, database: Path, offer: Offer, stop: asyncio.Event) -> bool:
        """Ask the person what to do about it until it is done; False when they end the app."""
        from main_process import recovery

        failure: RestoreFailedError | None = None
        while True:
            self._renderer.start_anew()
            self._renderer.problem = recovery.problem_of(offer, failure)
            choice = await _ask(self._renderer, self._logs, stop)
            self._renderer.problem = None
            try:
                if choice == "restore" and offer.backup:
                    await asyncio.to_thread(recovery.restore, database, offer.backup)
                elif choice == "empty":
                    await asyncio.to_thread(recovery.start_empty, database)
                return choice in {"restore", "empty"}
            except RestoreFailedError as error:
                failure = error

    async def _run_once(self, stop: asyncio.Event) -> None:
        supervisor = Supervisor(self._logs, lambda: self._tell_health(supervisor))
        try:
            # The renderer first: Qt takes the longest to load. It hears where main's socket is
            # once there is one, and paints its page meanwhile.
            if self._mode != "headless":
                supervisor.start(self._renderer.program())
            await self._serve(supervisor, stop)
        except ProcessFailedError as error:
            if self._mode == "window" and not self._renderer.ready.is_set():
                # Qt aborts on a display that isn't there, or for want of a library.
                raise NoDisplayError(_NO_WINDOW) from error
            raise
        finally:
            await supervisor.stop()
            ms = round((time.monotonic() - self._ending_since) * 1000)
            structlog.get_logger(__name__).info("ended", ms=ms)

    async def _serve(self, supervisor: Supervisor, stop: asyncio.Event) -> None:
        from main_process.ai_client import AIClient
        from main_process.backend import open_backend
        from main_process.ipc.http_port import HTTPOptions
        from main_process.services import Around

        ai = AIClient()
        settings = self._settings
        around = Around(
            check_processes=supervisor.check,
            renderer_metrics=supervisor.renderer_metrics,
            safe_mode=self._renderer.safe_mode,
            set_safe_mode=self._set_safe_mode,
        )
        http = HTTPOptions(settings.http_port, settings.use_ipc, settings.http_channels)
        async with open_backend(self._folder, ai, supervisor.health, around, http) as backend:
            self._backend = backend
            try:
                self._connect(supervisor, backend, http)
                await _first_of(
                    stop.wait(),
                    self._restart.wait(),
                    supervisor.ended,
                    self._start_others(supervisor, backend, ai),
                )
            finally:
                self._ending_since = time.monotonic()
                # While the socket is still there: the page saves what is being typed.
                await supervisor.stop()
                self._backend = None

    def _connect(self, supervisor: Supervisor, backend: Backend, options: HTTPOptions) -> None:
        socket, port = str(backend.socket_path), backend.http.port
        self._renderer.connect = Connect(
            socket=socket,
            token=backend.token,
            http_port=port,
            use_ipc=options.use_ipc,
            http_channels=tuple(filter(options.chosen, CHANNELS)),
        )
        supervisor.send(self._renderer.name, msgspec.json.encode(self._renderer.connect))
        info = RunInfo(
            pid=os.getpid(), mode=self._mode, socket=socket, token=backend.token, http_port=port
        )
        write_run_info(self._folder, info)
        if self._mode == "headless":
            where = {"socket": socket, "token_file": str(run_file(self._folder))}
            self._announce(msgspec.json.encode(where).decode())

    async def _start_others(self, supervisor: Supervisor, backend: Backend, ai: AIClient) -> None:
        """Start what the window doesn't need for its first paint; runs on for ever."""
        if not self._settings.use_ipc:
            # The window needs that: there is no other way to what it shows.
            await backend.http.serve()
        if self._mode != "headless":
            await self._renderer.ready.wait()
        if not self._renderer.safe_mode:
            supervisor.start(_ai_service(ai, own_speech_model(self._folder)))
        if self._settings.use_ipc:
            await backend.http.serve()
        await asyncio.Event().wait()

    def _set_safe_mode(self, on: bool) -> None:  # noqa: FBT001  a message's one field
        structlog.get_logger(__name__).info("starting anew", safe_mode=on)
        self._renderer.safe_mode = on
        self._restart.set()

    def _tell_health(self, supervisor: Supervisor) -> None:
        if self._backend is None:
            return
        for process in supervisor.health():
            if process.error and process.name not in self._given_up:
                self._given_up.add(process.name)
                self._backend.metrics.failed(process.name, process.error.code)
        self._backend.events.publish(Event(topic="health"))


class Renderer:
    """What the main process remembers of the renderer from one start of it to the next."""

    name = "renderer"

    def __init__(self, mode: Mode, settings: Settings, announce: Announce) -> None:
        self.ready = asyncio.Event()
        self.connect: Connect | None = None
        self.problem: Problem | None = None
        """Shown in place of the page."""
        self.choices: asyncio.Queue[Choice] = asyncio.Queue()
        """What the person chose there."""
        self.safe_mode = settings.safe_mode
        self._was_ready = False
        self._mode = mode
        self._settings = settings
        self._announce = announce
        self._port = settings.port
        self._boot_token = ""
        self._cookie_name = f"interview_app_{secrets.token_hex(4)}"
        self._cookie_secret = secrets.token_urlsafe(32)

    def program(self) -> Program:
        """The renderer, as the supervisor starts it."""
        return Program(
            self.name,
            "The page's server" if self._mode == "browser" else "The window",
            "renderer.__main__",
            self._options,
            essential=True,
            on_ready=self._on_ready,
            on_choice=self.choices.put_nowait,
        )

    def start_anew(self) -> None:
        """Forget what a new start makes anew; a browser's page finds its way back all the same."""
        self.connect = None
        self.ready = asyncio.Event()

    def _options(self) -> dict[str, Any]:
        self._boot_token = secrets.token_urlsafe(32)
        return {
            "mode": self._mode,
            "boot_token": self._boot_token,
            "cookie_name": self._cookie_name,
            "cookie_secret": self._cookie_secret,
            "port": self._port,
            "port_is_fixed": self._settings.port != 0,
            "connect": self.connect and msgspec.to_builtins(self.connect),
            "dev_server": self._settings.dev_server,
            "remote_debugging_port": self._settings.remote_debugging_port,
            "problem": self.problem and msgspec.to_builtins(self.problem),
            "safe_mode": self.safe_mode,
        }

    def _on_ready(self, port: int) -> None:
        is_first = not self._was_ready
        self._was_ready = True
        self.ready.set()
        self._port = port
        if self._mode != "browser":
            return
        origin = self._settings.dev_server or f"http://127.0.0.1:{port}"
        url = f"{origin}/boot?t={self._boot_token}"
        if is_first:
            self._announce(f"Open Interview App in your browser, once: {url}")
            self._open_browser(url)
        else:
            self._announce(f"If the page doesn't come back by itself, open: {url}")

    def _open_browser(self, url: str) -> None:
        if not (self._settings.open_browser and has_screen()):
            return
        with contextlib.suppress(webbrowser.Error):
            browser = webbrowser.get()
            # A browser for the terminal would take this one over.
            if type(browser) is not webbrowser.GenericBrowser:
                asyncio.get_running_loop().run_in_executor(None, browser.open, url)


async def show_problem(error: AppError, settings: Settings, logs: Logs) -> bool:
    """Show in a window why the app can't start or go on, until the window is closed.

    Returns whether the person chose there to start in safe mode, which is offered when a part of
    the app keeps crashing.
    """
    # The port that was asked for may be the problem.
    any_port = settings.model_copy(update={"port": 0})
    renderer = Renderer("window", any_port, lambda _line: None)
    may_help = isinstance(error, ProcessFailedError) and not settings.safe_mode
    renderer.problem = Problem(
        title="Interview App can't go on" if may_help else "Interview App could not start",
        error=error.to_ipc(),
        offered=(Offered(choice="safe-mode", label="Start in safe mode"),) if may_help else (),
    )
    renderer.safe_mode = True  # It needs no more, and may be about just that.
    with contextlib.suppress(AppError):  # Without a window the terminal has it all the same.
        return await _ask(renderer, logs, _stop_on_signals()) == "safe-mode"
    return False


async def _ask(renderer: Renderer, logs: Logs, stop: asyncio.Event) -> Choice | None:
    """Show the renderer's problem until the person chooses. None when they end the app instead.

    Raises NoDisplayError (APP002) when there is no window to show it in.
    """
    supervisor = Supervisor(logs, lambda: None)
    supervisor.start(renderer.program())
    choosing = asyncio.create_task(renderer.choices.get())
    try:
        await _first_of(stop.wait(), supervisor.ended, asyncio.wait([choosing]))
    except ProcessFailedError as error:
        raise NoDisplayError(_NO_WINDOW) from error
    finally:
        choosing.cancel()
        await supervisor.stop()
    return choosing.result() if choosing.done() and not choosing.cancelled() else None


def _ai_service(ai: AIClient, own_model: Path) -> Program:
    token = secrets.token_urlsafe(32)
    return Program(
        "ai_service",
        "The evaluation service",
        "ai_service.__main__",
        lambda: {"token": token, "speech_model": str(own_model)},
        on_ready=lambda port: ai.connect(port, token),
        on_gone=ai.disconnect,
    )


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _first_of(*waits: Awaitable[object]) -> None:
    """Wait until one is done. Raises what it raises."""
    tasks = [asyncio.ensure_future(each) for each in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
    for task in done:
        task.result()
