"""A talk with an OpenAI-compatible server: bounded in time, counted in tokens, its errors ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

import openai
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema

from ai_service.evaluators.bounded import BoundedTransport
from shared_contracts.errors import (
    AppError,
    LLMAnswerInvalidError,
    LLMKeyRefusedError,
    LLMRefusedError,
    LLMUnreachableError,
)
from shared_contracts.evaluation import LLMServer, TokensUsed

NO_KEY = "none"
"""Sent when the person set no key: local servers want some, and take any."""
RETRIES = 2
"""With backoff, of 408, 409, 429, 5xx and lost connections; the library's own."""
MOST_TOKENS = 10**9
"""A count over this is none."""

Messages = list[ChatCompletionMessageParam]


class Chat:
    """Asks one server, and counts what that takes."""

    def __init__(self, client: AsyncOpenAI, model: str) -> None:
        self._client = client
        self._asked = self.model = model
        self.tokens = TokensUsed()

    @classmethod
    @asynccontextmanager
    async def open(cls, server: LLMServer) -> AsyncIterator[Chat]:
        """A talk within the server's time, all its requests together.

        The block raises LLMUnreachableError, LLMKeyRefusedError, LLMRefusedError or
        LLMAnswerInvalidError for whatever goes wrong in it.
        """
        with _translated():
            async with asyncio.timeout(server.timeout_seconds), _client(server) as client:
                yield cls(client, server.model)

    async def complete(
        self, messages: Messages, form: ResponseFormatJSONSchema | None = None
    ) -> str:
        """What the model writes; empty for an answer that is no completion."""
        completion: object = await self._client.chat.completions.create(
            model=self._asked,
            messages=messages,
            temperature=0,
            response_format=form or openai.omit,
        )
        self._count(completion)
        return _text_of(completion)

    def _count(self, completion: object) -> None:
        """A server may call anything a completion: the library doesn't check."""
        named = getattr(completion, "model", None)
        self.model = named[:200] if isinstance(named, str) and named else self._asked
        usage = getattr(completion, "usage", None)
        self.tokens = TokensUsed(
            sent=self.tokens.sent + _counted(usage, "prompt_tokens"),
            received=self.tokens.received + _counted(usage, "completion_tokens"),
        )


def _client(server: LLMServer) -> AsyncOpenAI:
    return AsyncOpenAI(
        base_url=_checked(server.base_url),
        api_key=server.api_key or NO_KEY,
        max_retries=RETRIES,
        timeout=server.timeout_seconds,
        # The person agreed to this server; a redirect would take the answer to another one.
        http_client=openai.DefaultAsyncHttpx2Client(
            follow_redirects=False, transport=BoundedTransport()
        ),
    )


def _text_of(completion: object) -> str:
    choices = getattr(completion, "choices", None)
    first = choices[0] if isinstance(choices, list) and choices else None
    text = getattr(getattr(first, "message", None), "content", None)
    return text if isinstance(text, str) else ""


def _counted(usage: object, name: str) -> int:
    number = getattr(usage, name, None)
    return number if isinstance(number, int) and 0 <= number <= MOST_TOKENS else 0


def _checked(base_url: str) -> str:
    """The address if it is one: of an empty one the library would make api.openai.com."""
    try:
        parts = urlsplit(base_url)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise LLMUnreachableError("The AI server's address is not a web address.")
    return base_url


def _refusal(status: int) -> AppError:
    details = {"status": status}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return LLMUnreachableError(f"The AI server failed (HTTP {status}).", details=details)
    return LLMRefusedError(f"The AI server refused the request (HTTP {status}).", details=details)


@contextmanager
def _translated() -> Iterator[None]:
    """The library's errors as ours, without its messages: they may quote key or answer."""
    try:
        yield
    except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
        raise LLMKeyRefusedError from error
    except openai.APIStatusError as error:
        raise _refusal(error.status_code) from error
    except TimeoutError as error:
        raise LLMUnreachableError("The AI server did not answer in time.") from error
    except openai.APIConnectionError as error:
        if isinstance(error.__cause__, LLMAnswerInvalidError):
            raise error.__cause__ from error
        raise LLMUnreachableError from error
    except (openai.OpenAIError, ValueError) as error:
        # An address or a key that can't be sent, or a body that is no JSON at all.
        raise LLMAnswerInvalidError from error
