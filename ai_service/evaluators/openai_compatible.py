"""Judges an answer with a language model behind any server that speaks OpenAI's protocol."""

from __future__ import annotations

import json
from http import HTTPStatus

import msgspec
import openai
from openai.types.chat import ChatCompletionMessageParam
from openai.types.shared_params import ResponseFormatJSONSchema
from pydantic import BaseModel

from ai_service import prompts
from ai_service.evaluators.chat import Chat, Messages
from ai_service.evaluators.llm_verdict import (
    TechnicalVerdict,
    expected_points,
    kind_of_verdict,
    parse,
    to_evaluation,
)
from shared_contracts.errors import LLMAnswerInvalidError
from shared_contracts.evaluation import Evaluation, EvaluationRequest, LLMServer

MOST_ANSWER_CHARACTERS = 60_000
SCHEMA_REFUSED = (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)
"""What a server says that knows no structured output."""


class OpenAICompatibleEvaluator:
    """Asks with a strict schema, then without, then once more for what was wrong."""

    def __init__(self, server: LLMServer) -> None:
        self._server = server

    async def evaluate(self, request: EvaluationRequest) -> Evaluation:
        """Judges one answer within the server's time.

        Raises LLMUnreachableError, LLMKeyRefusedError, LLMRefusedError or LLMAnswerInvalidError.
        """
        kind = kind_of_verdict(request.question)
        async with Chat.open(self._server) as chat:
            verdict = await _ask(chat, messages_for(request), kind)
        return msgspec.structs.replace(to_evaluation(request, verdict), tokens=chat.tokens)


async def _ask(chat: Chat, messages: Messages, kind: type[TechnicalVerdict]) -> TechnicalVerdict:
    try:
        return parse(await chat.complete(messages, strict_form(kind)), kind)
    except LLMAnswerInvalidError:
        pass
    except openai.APIStatusError as error:
        if error.status_code not in SCHEMA_REFUSED:
            raise
    spelled_out = [*messages, _schema_in_words(kind)]
    text = await chat.complete(spelled_out)
    try:
        return parse(text, kind)
    except LLMAnswerInvalidError as error:
        return parse(await chat.complete([*spelled_out, *_repair(text, error)]), kind)


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


def strict_form(kind: type[BaseModel], name: str = "verdict") -> ResponseFormatJSONSchema:
    """Asks for JSON of this shape and no other."""
    return {
        "type": "json_schema",
        "json_schema": {"name": name, "strict": True, "schema": kind.model_json_schema()},
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
