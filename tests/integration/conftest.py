"""The main process's backend on its real socket, and the whole app without a window."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from main_process.ai_client import AIClient
from main_process.backend import Backend, open_backend
from main_process.profile_folder import RunInfo
from tests.ai_process import TOKEN, AIProcess, ai_process
from tests.ipc_client import WAIT_SECONDS, Client

Open = Callable[[], Awaitable[Client]]


class Headless:
    """A run of `interview-app headless` in processes of its own."""

    def __init__(self, process: asyncio.subprocess.Process, socket: Path, token: str) -> None:
        self.process = process
        self.socket = socket
        self.token = token

    async def kill(self) -> None:
        """End the main process as kill -9 does, and see it gone."""
        self.process.kill()
        await asyncio.wait_for(self.process.wait(), WAIT_SECONDS)

    async def end(self) -> int:
        """End it in order."""
        self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), WAIT_SECONDS)


def read_token(file: str) -> str:
    """What only this user can read."""
    return msgspec.json.decode(Path(file).read_bytes(), type=RunInfo).token


@asynccontextmanager
async def run_headless(profile: Path) -> AsyncIterator[Headless]:
    """Start the app with this profile; it is ended when done."""
    command = [sys.executable, "-m", "main_process", "headless", "--profile", str(profile)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    try:
        said = await asyncio.wait_for(process.stdout.readline(), WAIT_SECONDS)
        where = msgspec.json.decode(said, type=dict[str, str])
        yield Headless(process, Path(where["socket"]), read_token(where["token_file"]))
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), WAIT_SECONDS)


@pytest.fixture(scope="session")
def profile_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile after its first start: the bank is in."""
    folder = tmp_path_factory.mktemp("template")

    async def first_start() -> None:
        async with open_backend(folder, AIClient(), lambda: ()):
            pass

    asyncio.run(first_start())
    return folder


@pytest.fixture
def profile(tmp_path: Path, profile_template: Path) -> Path:
    """A profile of this test's own."""
    return Path(shutil.copytree(profile_template, tmp_path / "profile"))


@pytest.fixture
def ai() -> AIClient:
    """Connected to nothing yet."""
    return AIClient()


@pytest.fixture
async def backend(profile: Path, ai: AIClient) -> AsyncIterator[Backend]:
    """The backend, open."""
    async with open_backend(profile, ai, lambda: ()) as backend:
        yield backend


@pytest.fixture
async def connect(backend: Backend) -> AsyncIterator[Open]:
    """Opens another connection to it."""
    async with AsyncExitStack() as stack:
        yield lambda: stack.enter_async_context(Client.connect(backend.socket_path, backend.token))


@pytest.fixture
async def client(connect: Open) -> Client:
    """A connection to it."""
    return await connect()


@pytest.fixture(scope="session")
def ai_service() -> Iterator[AIProcess]:
    """The real AI service, started once."""
    with ai_process() as running:
        yield running


@pytest.fixture
def real_ai(ai: AIClient, backend: Backend, ai_service: AIProcess) -> AIClient:
    """The backend's AI client, connected to the real service."""
    port = ai_service.client.base_url.port
    assert port
    ai.connect(port, TOKEN)
    return ai
