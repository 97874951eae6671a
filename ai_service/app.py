"""The HTTP face of the service: two routes on loopback, behind a token, a Host check and a size limit."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

import msgspec
import structlog
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, Receive, Scope, Send

from ai_service.evaluate import EvaluationService
from shared_contracts.envelope import IPCError
from shared_contracts.errors import (
    AIServiceUnavailableError,
    AppError,
    ConflictError,
    FrameTooLargeError,
    InternalError,
    NotAuthorisedError,
    NotFoundError,
    ValidationFailedError,
)
from shared_contracts.evaluation import AIHealth, Evaluation, EvaluationRequest

MAX_BODY_BYTES = 4 * 1024 * 1024
PROBLEM = "application/problem+json"
_STATUS: dict[type[AppError], int] = {
    ValidationFailedError: 422,
    NotAuthorisedError: 401,
    FrameTooLargeError: 413,
    NotFoundError: 404,
    ConflictError: 405,
    InternalError: 500,
}

log = structlog.get_logger(__name__)
