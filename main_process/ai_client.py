"""Talks HTTP with the AI service, whenever there is one."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import httpx
import msgspec

from shared_contracts import problems
from shared_contracts.contract import Contract
from shared_contracts.errors import AIServiceUnavailableError, AppError, InternalError, from_ipc
from shared_contracts.evaluation import Evaluation, EvaluationRequest, LLMServer, ServerAnswered
from shared_contracts.recordings import HeardPart, SpeechRequest
from shared_contracts.request_ids import HEADER, in_header

_TIMEOUT = httpx.Timeout(connect=5, read=330, write=30, pool=330)
"""Seconds; reading waits a little longer than the longest time an LLM server is given (300)."""
_LIMITS = httpx.Limits(max_keepalive_connections=0)
"""A kept connection that the service closes just then would look as if the service were gone."""


Reply = TypeVar("Reply")


class AIClient:
    """Connected as long as the supervisor says that the service is there."""

    def __init__(self) -> None:
        self._http: httpx.AsyncClient | None = None
        self._ready = asyncio.Event()
        self._closing: set[asyncio.Task[None]] = set()

    def connect(self, port: int, token: str) -> None:
        """The service is ready on this port."""
        self.disconnect()
        self._http = httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {token}"},
            timeout=_TIMEOUT,
            limits=_LIMITS,
            trust_env=False,
        )
        self._ready.set()

    def disconnect(self) -> None:
        """The service is gone; requests under way fail by themselves."""
        self._ready.clear()
        http, self._http = self._http, None
        if http is not None:
            task = asyncio.get_running_loop().create_task(http.aclose())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Disconnect and wait until the sockets are closed."""
        self.disconnect()
        await asyncio.gather(*self._closing)

    async def wait_ready(self) -> None:
        """Wait until there is a service."""
        await self._ready.wait()

    async def evaluate(self, request: EvaluationRequest) -> Evaluation:
        """Have an answer judged.

        Raises AIServiceUnavailableError (AI001) when the service is away, goes away meanwhile or
        doesn't answer in time, InternalError (APP003) when it answers what is none, else
        the error that the service answers with.
        """
        return await self._ask("/v1/evaluations", request, Evaluation)

    async def try_server(self, server: LLMServer) -> ServerAnswered:
        """Have an AI server asked for a few words. Raises as `evaluate` does."""
        return await self._ask("/v1/server-tests", server, ServerAnswered)

    async def hear(self, pcm: bytes, *, final: bool) -> HeardPart:
        """Have a part of a recording transcribed; `final` when nothing follows it.

        Raises as `evaluate` does.
        """
        path = f"/v1/transcriptions?final={str(final).lower()}"
        return _decoded(await self._post(path, pcm, "application/octet-stream"), HeardPart)

    async def speak(self, text: str) -> bytes:
        """A WAV file in which this is read aloud. Raises as `evaluate` does, and AI012."""
        body = msgspec.json.encode(SpeechRequest(text=text))
        return (await self._post("/v1/speech", body)).content

    async def _ask(self, path: str, request: Contract, reply: type[Reply]) -> Reply:
        return _decoded(await self._post(path, msgspec.json.encode(request)), reply)

    async def _post(
        self, path: str, body: bytes, content_type: str = "application/json"
    ) -> httpx.Response:
        if self._http is None:
            raise AIServiceUnavailableError
        http = self._http
        headers = {"Content-Type": content_type, HEADER: in_header()}
        try:
            response = await http.post(path, content=body, headers=headers)
        except (httpx.HTTPError, RuntimeError) as error:
            # A client that is closed meanwhile raises RuntimeError.
            if self._http is http and not isinstance(error, httpx.TimeoutException):
                self.disconnect()
            raise AIServiceUnavailableError from error
        if not response.is_success:
            raise _problem(response)
        return response


def _decoded(response: httpx.Response, kind: type[Reply]) -> Reply:
    try:
        return msgspec.json.decode(response.content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _not_understood(response) from error


def _problem(response: httpx.Response) -> AppError:
    """The error that an `application/problem+json` body carries."""
    error = problems.decode(response.content)
    return from_ipc(error) if error else _not_understood(response)


def _not_understood(response: httpx.Response) -> InternalError:
    return InternalError(details={"service": "ai", "status": response.status_code})
