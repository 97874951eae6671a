"""Whether an AI server answers at all: a tiny real request, of which nothing is the person's."""

from __future__ import annotations

import time

import openai
from pydantic import BaseModel, ConfigDict, ValidationError

from ai_service.evaluators.chat import Chat, Messages
from ai_service.evaluators.llm_verdict import extract_object
from ai_service.evaluators.openai_compatible import SCHEMA_REFUSED, strict_form
from shared_contracts.errors import LLMAnswerInvalidError
from shared_contracts.evaluation import LLMServer, ServerAnswered

_WORDS = 'This is a test of the connection. Answer with the JSON object {"ready": true}.'
_MESSAGES: Messages = [{"role": "user", "content": _WORDS}]


class Ready(BaseModel):
    """The answer asked for."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"additionalProperties": False})

    ready: bool


async def try_server(server: LLMServer) -> ServerAnswered:
    """Asks for a few words. Raises the AI codes of a talk; AI004 if there are no words."""
    started = time.perf_counter()
    async with Chat.open(server) as chat:
        structured = await _ask(chat)
    ms = round((time.perf_counter() - started) * 1000)
    return ServerAnswered(
        model=chat.model, milliseconds=ms, tokens=chat.tokens, structured=structured
    )


async def _ask(chat: Chat) -> bool:
    """Whether it answers in the form that is asked for; what doesn't, can still judge in words."""
    try:
        text = await chat.complete(_MESSAGES, strict_form(Ready, "ready"))
    except openai.APIStatusError as error:
        if error.status_code not in SCHEMA_REFUSED:
            raise
        text = await chat.complete(_MESSAGES)
    if not text.strip():
        raise LLMAnswerInvalidError("The AI server answered with no words.")
    return _is_ready(text)


def _is_ready(text: str) -> bool:
    try:
        Ready.model_validate(extract_object(text))
    except (LLMAnswerInvalidError, ValidationError):
        return False
    return True
