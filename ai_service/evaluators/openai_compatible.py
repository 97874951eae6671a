"""Judges an answer with a language model behind any server that speaks OpenAI's protocol."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
import openai
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema

from ai_service import prompts
from ai_service.evaluators.llm_verdict import (
    TechnicalVerdict,
    expected_points,
    kind_of_verdict,
    parse,
    to_evaluation,
)
from shared_contracts.errors import (
    AppError,
    LLMAnswerInvalidError,
    LLMKeyRefusedError,
    LLMRefusedError,
    LLMUnreachableError,
)
from shared_contracts.evaluation import Evaluation, EvaluationRequest, LLMServer

NO_KEY = "none"
"""Sent when the person set no key: local servers want some, and take any."""
RETRIES = 2
"""With backoff, of 408, 409, 429, 5xx and lost connections; the library's own."""
MOST_ANSWER_CHARACTERS = 60_000
_SCHEMA_REFUSED = (400, 422)

Form = ResponseFormatJSONSchema
Messages = list[ChatCompletionMessageParam]


class OpenAICompatibleEvaluator:
    """Asks with a strict schema, then without, then once more for what was wrong."""

    def __init__(self, server: LLMServer) -> None:
        self._server = server

    async def evaluate(self, request: EvaluationRequest) -> Evaluation:
        """Judges one answer within the server's time.

        Raises LLMUnreachableError, LLMKeyRefusedError, LLMRefusedError or LLMAnswerInvalidError.
        """
        kind = kind_of_verdict(request.question)
        with _translated():
            async with asyncio.timeout(self._server.timeout_seconds), self._open() as client:
                verdict = await self._ask(client, messages_for(request), kind)
        return to_evaluation(request, verdict)

    def _open(self) -> AsyncOpenAI:
        return AsyncOpenAI(
            base_url=_checked(self._server.base_url),
            api_key=self._server.api_key or NO_KEY,
            max_retries=RETRIES,
            timeout=self._server.timeout_seconds,
            # The person agreed to this server; a redirect would take the answer to another one.
            http_client=openai.DefaultAsyncHttpx2Client(follow_redirects=False),
        )

    async def _ask(
        self, client: AsyncOpenAI, messages: Messages, kind: type[TechnicalVerdict]
    ) -> TechnicalVerdict:
        try:
            return parse(await self._complete(client, messages, _strict(kind)), kind)
        except LLMAnswerInvalidError:
            pass
        except openai.APIStatusError as error:
            if error.status_code not in _SCHEMA_REFUSED:
                raise
        spelled_out = [*messages, _schema_in_words(kind)]
        text = await self._complete(client, spelled_out)
        try:
            return parse(text, kind)
        except LLMAnswerInvalidError as error:
            return parse(await self._complete(client, [*spelled_out, *_repair(text, error)]), kind)

    async def _complete(
        self, client: AsyncOpenAI, messages: Messages, form: Form | None = None
    ) -> str:
        completion: object = await client.chat.completions.create(
            model=self._server.model,
            messages=messages,
            temperature=0,
            response_format=form or openai.omit,
        )
        return _text_of(completion)


def _text_of(completion: object) -> str:
    """What the model wrote. A server may call anything a completion: the library doesn't check."""
    choices = getattr(completion, "choices", None)
    first = choices[0] if isinstance(choices, list) and choices else None
    text = getattr(getattr(first, "message", None), "content", None)
    return text if isinstance(text, str) else ""


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


def messages_for(request: EvaluationRequest) -> Messages:
    """The instructions, and apart from them question and answer as data."""
    question = request.question
    cues = msgspec.structs.asdict(question.star_cues) if question.star_cues else {}
    points = "traits" if question.kind == "behavioural" else "key_points"
    expected = {
        points: dict(enumerate(expected_points(question), 1)),
        "reference_answer": question.reference_answer,
        "star_cues": cues,
    }
    data = {
        "question": question.prompt,
        "expected": {name: value for name, value in expected.items() if value},
        "answer": request.answer[:MOST_ANSWER_CHARACTERS],
    }
    return [
        {"role": "system", "content": f"{prompts.read('rules')}\n{prompts.read(question.kind)}"},
        {"role": "user", "content": json.dumps(data, ensure_ascii=False)},
    ]


def _strict(kind: type[TechnicalVerdict]) -> Form:
    return {
        "type": "json_schema",
        "json_schema": {"name": "verdict", "strict": True, "schema": kind.model_json_schema()},
    }


def _schema_in_words(kind: type[TechnicalVerdict]) -> ChatCompletionMessageParam:
    schema = json.dumps(kind.model_json_schema())
    return {
        "role": "system",
        "content": f"Answer with one JSON object of this JSON schema and nothing else:\n{schema}",
    }


def _repair(text: str, error: LLMAnswerInvalidError) -> Messages:
    reason = (error.details or {}).get("reason", "")
    return [
        {"role": "assistant", "content": text or "(nothing)"},
        {
            "role": "user",
            "content": f"That can't be used: {reason}. Send the corrected JSON object only.",
        },
    ]


def _refusal(status: int) -> AppError:
    details = {"status": status}
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return LLMUnreachableError(f"The AI server failed (HTTP {status}).", details=details)
    return LLMRefusedError(details=details)


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
        raise LLMUnreachableError from error
    except (openai.OpenAIError, ValueError) as error:
        # An address or a key that can't be sent, or a body that is no JSON at all.
        raise LLMAnswerInvalidError from error
