"""The AI service's process: opens its port, says that it is ready, then reads the model."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn

from ai_service.app import Gate, create_app
from ai_service.embeddings import Embedder
from ai_service.evaluate import EvaluationService
from ai_service.speech_service import SpeechService
from ai_service.version import VERSION
from shared_contracts.child_process import ChildLink, attach
from shared_contracts.contract import Contract

HOST = "127.0.0.1"
GRACE_SECONDS = 1
# They say nothing that helps, or log addresses, in which a person's server may have its password.
_TALKATIVE = (
    "faster_whisper",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "openai",
    "uvicorn.error",
)


class AIServiceOptions(Contract):
    """What the main process decides: the token that callers must show, and where a person may put a
    model of their own for speech.
    """

    token: str
    speech_model: str = ""


def run(link: ChildLink, options: AIServiceOptions) -> None:
    """Serves until the main process says stop or is gone; never returns."""
    stopping = threading.Event()
    runner = asyncio.Runner()
    loop = runner.get_loop()
    child = attach(link, stopping.set, on_ping=lambda: loop.call_soon_threadsafe(child.pong))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    listener = socket.create_server((HOST, 0))
    port = listener.getsockname()[1]
    own_model = Path(options.speech_model) if options.speech_model else None
    service = EvaluationService(Embedder(), VERSION, SpeechService.of(own_model))
    server = Server(service, options.token, port, lambda: child.ready(port), stopping)

    async def serve() -> None:
        await server.serve([listener])
        # Leaves from inside the loop: closing it would wait for evaluations still under way.
        child.leave(0)

    runner.run(serve())


class Server(uvicorn.Server):
    """Uvicorn that stops by an event rather than by signals, and tells when it listens."""

    def __init__(
        self,
        service: EvaluationService,
        token: str,
        port: int,
        on_ready: Callable[[], None],
        stopping: threading.Event,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                Gate(create_app(service), token, f"{HOST}:{port}"),
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                ws="none",
            )
        )
        self._service = service
        self._on_ready = on_ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Says ready first: answers may come in while the model is being read."""
        await super().startup(sockets)
        self._on_ready()
        asyncio.get_running_loop().run_in_executor(None, self._service.load)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        return await super().on_tick(counter) or self._stopping.is_set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals alone: the main process decides."""
        yield
