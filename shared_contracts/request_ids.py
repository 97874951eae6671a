"""The id of the request that is being answered: it goes with it from process to process.

Bound as `request`, it is in every line that is logged meanwhile.
"""

from __future__ import annotations

from urllib.parse import quote

import structlog

HEADER = "X-Request-Id"
"""What the id is called on its way over HTTP."""


def current() -> str:
    """The id that is bound now; empty outside of any request."""
    return str(structlog.contextvars.get_contextvars().get("request", ""))


def in_header() -> str:
    """The current id as a header may hold it: whoever asks may have chosen anything."""
    return quote(current())
