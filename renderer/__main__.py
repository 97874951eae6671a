"""The renderer process: the window in its main thread, the page's server in another."""

from __future__ import annotations

import asyncio
import socket
import threading
from functools import partial
from typing import TYPE_CHECKING, Literal, NoReturn

import msgspec
import structlog
import uvloop

from renderer.admission import Admission, Keys
from renderer.page_files import NoFiles, PageFiles, ProblemPage, path_of
from shared_contracts.child_process import Child, ChildLink, Connect, attach
from shared_contracts.contract import Contract
from shared_contracts.envelope import Event
from shared_contracts.errors import AppError
from shared_contracts.metrics import RendererMetrics
from shared_contracts.ports import address_of, listen, listen_again
from shared_contracts.problem import Problem

if TYPE_CHECKING:
    from renderer.data_service.factory import Parts
    from renderer.data_service.ways import Ways
    from renderer.window import Window

CRASHED = 70
PORT_SETTING = "INTERVIEW_APP_PORT"
_SERVER_SECONDS = 1.5
"""How long the server may take to close; the process ends after it in any case."""


class RendererOptions(Contract):
    """What the main process decides.

    `port` 0 is any; when `port_is_fixed` it is that one or none. A restart gets the port and the
    cookie of before, so that a browser's page finds its way back, and knows where to `connect`,
    which a first start hears later.
    `dev_server` is where Vite serves the page instead; `problem` is shown in place of the page.
    """

    mode: Literal["window", "browser"]
    boot_token: str
    cookie_name: str
    cookie_secret: str
    port: int = 0
    port_is_fixed: bool = False
    connect: Connect | None = None
    dev_server: str = ""
    remote_debugging_port: int = 0
    problem: Problem | None = None
    safe_mode: bool = False


def run(link: ChildLink, options: RendererOptions) -> None:
    """Be the renderer until the window is closed or main says stop."""
    renderer = _Renderer(options)
    child = attach(link, renderer.stop, renderer.hear, lambda: renderer.prove_alive(child))
    renderer.run(child)


class _Renderer:
    """The two threads and what they tell each other."""

    def __init__(self, options: RendererOptions) -> None:
        self._options = options
        self._loop = uvloop.new_event_loop()
        self._connects: asyncio.Queue[Connect] = asyncio.Queue()
        self._close_server = asyncio.Event()
        self._stopped = threading.Event()
        self._window: Window | None = None
        self._data: Parts | None = None
        self._not_ready = {"server", options.mode} - {"browser"}

    def stop(self) -> None:
        """End soon; from any thread."""
        self._stopped.set()
        if self._window:
            self._window.close()

    def hear(self, message: bytes) -> None:
        """Take what the main process says, in the thread that listens to it."""
        connect = msgspec.json.decode(message, type=Connect)
        self._loop.call_soon_threadsafe(self._connects.put_nowait, connect)

    def prove_alive(self, child: Child) -> None:
        """Have the server's loop answer main, and in a window its main thread after that."""
        self._loop.call_soon_threadsafe(self._pong, child)

    def run(self, child: Child) -> NoReturn:
        """Serve and show, then leave."""
        listener = self._listen(child)
        serving = threading.Thread(
            target=self._serve_in_thread, args=(child, listener), name="server", daemon=True
        )
        serving.start()
        if self._options.mode == "window":
            self._show(child, address_of(listener))
        else:
            self._stopped.wait()
        self._loop.call_soon_threadsafe(self._close_server.set)
        serving.join(_SERVER_SECONDS)
        child.leave(0)

    def _listen(self, child: Child) -> socket.socket:
        port = self._options.port
        if not self._options.port_is_fixed:
            return listen_again(port)
        try:
            return listen(port, PORT_SETTING)
        except AppError as error:
            child.refuse(error)

    def _show(self, child: Child, address: str) -> None:
        from renderer.window import Callbacks, Window, prepare_environment

        options = self._options
        prepare_environment(options.remote_debugging_port, safe_mode=options.safe_mode)
        origin = self._options.dev_server or f"http://{address}"
        self._window = Window(
            f"{origin}/boot?t={self._options.boot_token}",
            Callbacks(
                shown=lambda: self._part_is_ready("window", child, address),
                crashed=lambda: child.leave(CRASHED),
            ),
        )
        if not self._stopped.is_set():
            self._window.run()

    def _serve_in_thread(self, child: Child, listener: socket.socket) -> None:
        try:
            self._loop.run_until_complete(self._serve(child, listener))
        except AppError as error:
            child.refuse(error)
        except Exception:  # noqa: BLE001  # the process's edge: no window without its server
            structlog.get_logger(__name__).exception("server failed")
            child.leave(CRASHED)

    async def _serve(self, child: Child, listener: socket.socket) -> None:
        from renderer.data_service.factory import make_data_service
        from renderer.ui_server import UIServer, serve

        self._data = data = make_data_service(self._hear_event, caching=not self._options.safe_mode)
        address = address_of(listener)
        offered = self._options.problem.offered if self._options.problem else ()
        actions = {path_of(each.choice): partial(child.choose, each.choice) for each in offered}
        app = UIServer(address, self._admission(address), self._files(), data.service, actions)
        connecting = asyncio.create_task(self._keep_connecting(data.ways))
        await serve(
            app,
            listener,
            self._close_server,
            lambda: self._part_is_ready("server", child, address),
        )
        connecting.cancel()
        await data.ways.close()

    def _admission(self, address: str) -> Admission:
        options = self._options
        keys = Keys(options.boot_token, options.cookie_name, options.cookie_secret)
        dev_address = options.dev_server.removeprefix("http://")
        return Admission(keys, (address, dev_address) if dev_address else (address,))

    def _files(self) -> PageFiles | ProblemPage | NoFiles:
        if self._options.problem:
            return ProblemPage(self._options.problem)
        return NoFiles() if self._options.dev_server else PageFiles()

    async def _keep_connecting(self, ways: Ways) -> None:
        if self._options.connect:
            ways.connect(self._options.connect)
        while True:
            ways.connect(await self._connects.get())

    def _hear_event(self, event: Event) -> None:
        if event.topic == "window" and self._window:
            self._window.bring_to_front()

    def _pong(self, child: Child) -> None:
        numbers = self._data.numbers() if self._data else RendererMetrics()
        if self._window:
            self._window.call(lambda: child.pong(numbers))
        else:
            child.pong(numbers)

    def _part_is_ready(self, part: str, child: Child, address: str) -> None:
        def take_part() -> None:
            self._not_ready.discard(part)
            if not self._not_ready:
                child.ready(int(address.rpartition(":")[2]))

        self._loop.call_soon_threadsafe(take_part)
