"""Reads no more of a server's reply than a verdict can be long, whatever the server sends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

import httpx2

from shared_contracts.errors import LLMAnswerInvalidError

MOST_REPLY_BYTES = 4 * 2**20
"""A verdict is some thousand; a page of error text is no more than this either."""


class BoundedTransport(httpx2.AsyncHTTPTransport):
    """Breaks off a reply that is too long or packed: unpacked it could be of any length."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises LLMAnswerInvalidError (AI004), now or while the reply is read."""
        request.headers["Accept-Encoding"] = "identity"
        response = await super().handle_async_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            await response.aclose()
            raise LLMAnswerInvalidError("The AI server's reply is packed.")
        response.stream = _Bounded(cast("httpx2.AsyncByteStream", response.stream))
        return response


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._stream:
            read += len(part)
            if read > MOST_REPLY_BYTES:
                raise LLMAnswerInvalidError("The AI server's reply is too long.")
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()
