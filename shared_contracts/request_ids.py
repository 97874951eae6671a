"""The id of the request that is being answered: it goes with it from process to process.

Bound as `request`, it is in every line that is logged meanwhile.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any
from urllib.parse import quote

from structlog.contextvars import bind_contextvars, reset_contextvars

HEADER = "X-Request-Id"
"""What the id is called on its way over HTTP."""


def bind(request_id: str) -> Token[Any]:
    """Make it the current one until what is returned is given to `unbind`, or the task ends."""
    return _VARIABLE.set(request_id)


def unbind(token: Token[Any]) -> None:
    """Make the one of before current again."""
    _VARIABLE.reset(token)


def current() -> str:
    """The id that is bound now; empty outside of any request."""
    bound = _VARIABLE.get()
    return "" if bound is ... else str(bound)


def in_header() -> str:
    """The current id as a header may hold it: whoever asks may have chosen anything."""
    return quote(current())


def _variable() -> ContextVar[Any]:
    """The variable in which structlog keeps `request`; used directly, as that costs a tenth."""
    bound = bind_contextvars(request="")
    reset_contextvars(**bound)
    return bound["request"].var


_VARIABLE = _variable()
