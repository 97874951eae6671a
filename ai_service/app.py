"""The HTTP face of the service: routes on loopback, behind a token and a size limit."""

from __future__ import annotations

import asyncio
import hmac
import re
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
import structlog
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, Scope, Send

from ai_service.evaluate import EvaluationService
from ai_service.speech_routes import speak, transcribe
from shared_contracts import problems
from shared_contracts.errors import (
    AppError,
    FrameTooLargeError,
    InternalError,
    ModelMissingError,
    NotAuthorisedError,
    NotFoundError,
    ValidationFailedError,
)
from shared_contracts.evaluation import (
    AIHealth,
    Evaluation,
    EvaluationRequest,
    LLMServer,
    ServerAnswered,
)

MAX_BODY_BYTES = 4 * 1024 * 1024
_ERROR_OF_STATUS: dict[int, type[AppError]] = {
    problems.status_of(error.code): error
    for error in (
        ValidationFailedError,
        NotAuthorisedError,
        FrameTooLargeError,
        NotFoundError,
        ModelMissingError,
    )
}
_AnyRequest = Request[Any, Any, Any]
_Asked = TypeVar("_Asked")

_REQUEST_ID = re.compile(rb"[!-~]{1,64}")
log = structlog.get_logger(__name__)


class Gate:
    """Lets through only who calls this very address with the token of this run."""

    def __init__(self, app: ASGIApp, token: str, host: str) -> None:
        self._app = app
        self._authorization = f"Bearer {token}".encode()
        self._host = host.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what has no headers unchecked: it comes from the HTTP server itself."""
        headers = list(scope.get("headers") or ())
        if self._admits(scope.get("headers")):
            with structlog.contextvars.bound_contextvars(**_request_id(headers)):
                await self._app(scope, receive, send)
        else:
            await _refuse(send, NotAuthorisedError())

    def _admits(self, headers: Iterable[tuple[bytes, bytes]] | None) -> bool:
        if headers is None:
            return True
        headers = list(headers)
        given = [value for name, value in headers if name == b"authorization"]
        hosts = [value for name, value in headers if name == b"host"]
        known = len(given) == 1 and hmac.compare_digest(given[0], self._authorization)
        return known and hosts == [self._host]


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """What each line that is logged meanwhile holds: the id that the caller gave, if it is one."""
    given = next((value for name, value in headers if name == b"x-request-id"), b"")
    return {"request": given.decode()} if _REQUEST_ID.fullmatch(given) else {}


@post("/v1/evaluations", status_code=HTTPStatus.OK)
async def evaluate(request: _AnyRequest, state: State) -> Evaluation:
    """Judges one answer."""
    service: EvaluationService = state.service
    started = time.perf_counter()
    result = await service.evaluate(_decode(await request.body(), EvaluationRequest))
    ms = round((time.perf_counter() - started) * 1000, 1)
    log.info("judged", evaluator=result.evaluator, ms=ms)
    return result


@post("/v1/server-tests", status_code=HTTPStatus.OK)
async def try_server(request: _AnyRequest, state: State) -> ServerAnswered:
    """Sees whether an AI server answers."""
    service: EvaluationService = state.service
    return await service.try_server(_decode(await request.body(), LLMServer))


@get("/health")
async def health(state: State) -> AIHealth:
    """How the service is; the first call waits until the model is read."""
    return await asyncio.to_thread(state.service.load)


def create_app(service: EvaluationService) -> Litestar:
    """The routes, without the gate."""
    return Litestar(
        [evaluate, try_server, health, transcribe, speak],
        state=State({"service": service, "speech": service.speech}),
        exception_handlers={
            AppError: _show,
            HTTPException: _show_http,
            Exception: _show_unforeseen,
        },
        request_max_body_size=MAX_BODY_BYTES,
        openapi_config=None,
        logging_config=None,
    )


def _decode(body: bytes, kind: type[_Asked]) -> _Asked:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        reason, _, field = str(error).partition(" - at ")
        details = {"field": field.strip("`"), "reason": reason}
        raise ValidationFailedError(details=details) from error
    except msgspec.DecodeError as error:
        raise ValidationFailedError(details={"field": "", "reason": "not JSON"}) from error


def _show(_: _AnyRequest, error: AppError) -> Response[bytes]:
    status = problems.status_of(error.code)
    body = problems.encode(error.to_ipc())
    return Response(body, status_code=status, media_type=problems.MEDIA_TYPE)


def _show_http(request: _AnyRequest, error: HTTPException) -> Response[bytes]:
    kind = _ERROR_OF_STATUS.get(error.status_code, InternalError)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        kind = NotFoundError
    return _show(request, kind())


def _show_unforeseen(request: _AnyRequest, error: Exception) -> Response[bytes]:
    log.error("evaluation failed", exc_info=error)
    return _show(request, InternalError())


async def _refuse(send: Send, error: AppError) -> None:
    headers = [(b"content-type", problems.MEDIA_TYPE.encode())]
    status = problems.status_of(error.code)
    body = problems.encode(error.to_ipc())
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
