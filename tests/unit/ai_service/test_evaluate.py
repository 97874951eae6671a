"""Who judges, and what is said about it."""

from __future__ import annotations

import msgspec
import pytest

from ai_service.embeddings import Embedder, ModelFile
from ai_service.evaluate import NO_SERVER, EvaluationService
from shared_contracts.errors import KeyNotGivenError, ModelMissingError
from shared_contracts.evaluation import EvaluationRequest, LLMServer
from tests.factories import make_question
from tests.openai_stub import KEY, Reply, serving, verdict

ANSWER = "Reads become faster, but each write costs more."
MISSING = ModelFile("no_such_package", "model.onnx", "0")


def request(base_url: str | None, reason: str = "", key: str = KEY) -> EvaluationRequest:
    server = base_url and LLMServer(
        base_url=base_url, model="stub-9", api_key=key, timeout_seconds=20
    )
    return EvaluationRequest(
        question=make_question(), answer=ANSWER, llm=server or None, offline_reason=reason
    )


@pytest.fixture
def service(embedder: Embedder) -> EvaluationService:
    return EvaluationService(embedder, "1.2.3")


@pytest.fixture
def crippled() -> EvaluationService:
    return EvaluationService(Embedder(model=MISSING), "1.2.3")


async def test_without_a_server_it_is_judged_here(service: EvaluationService) -> None:
    found = await service.evaluate(request(None))
    assert (found.evaluator, found.reason, found.fallback) == ("offline", NO_SERVER, None)


async def test_the_reason_given_is_kept(service: EvaluationService) -> None:
    found = await service.evaluate(request(None, "Offline, as chosen in the settings."))
    assert found.reason == "Offline, as chosen in the settings."


async def test_what_went_wrong_before_is_told_with_the_result(service: EvaluationService) -> None:
    error = KeyNotGivenError().to_ipc()
    asked = msgspec.structs.replace(request(None), offline_error=error)
    assert (await service.evaluate(asked)).fallback == error


async def test_a_silent_server_that_answers_a_test_is_asked_again(
    service: EvaluationService,
) -> None:
    with serving(lambda _, number: Reply(verdict()) if number else Reply(None)) as stub:
        asked = request(stub.base_url)
        assert asked.llm
        silent = msgspec.structs.replace(asked.llm, timeout_seconds=0.5)
        first = await service.evaluate(msgspec.structs.replace(asked, llm=silent))
        assert (await service.evaluate(asked)).evaluator == first.evaluator == "offline"
        await service.try_server(asked.llm)
        assert (await service.evaluate(asked)).evaluator == "llm"


async def test_with_a_server_it_is_judged_there(service: EvaluationService) -> None:
    with serving(lambda *_: Reply(verdict())) as stub:
        found = await service.evaluate(request(stub.base_url))
    assert (found.evaluator, found.fallback) == ("llm", None)
    assert found.reason == "AI server: stub-9 at 127.0.0.1."


async def test_a_failing_server_is_replaced_and_said(service: EvaluationService) -> None:
    with serving(lambda *_: Reply(verdict())) as stub:
        found = await service.evaluate(request(stub.base_url, key="sk-wrong"))
    assert found.evaluator == "offline"
    assert found.reason == "Offline, because the AI server refused the key (AI003)."
    assert found.fallback
    assert found.fallback.code == "AI003"
    assert found.scores.content is not None


async def test_a_server_does_without_our_model(crippled: EvaluationService) -> None:
    with serving(lambda *_: Reply(verdict())) as stub:
        found = await crippled.evaluate(request(stub.base_url))
    assert found.evaluator == "llm"
    assert found.scores.content == 0.7


async def test_with_neither_the_missing_model_is_the_error(crippled: EvaluationService) -> None:
    with pytest.raises(ModelMissingError):
        await crippled.evaluate(request(None))
    with serving(lambda *_: Reply("no", 500)) as stub, pytest.raises(ModelMissingError):
        await crippled.evaluate(request(stub.base_url))


def test_health_says_whether_the_model_is_there(
    service: EvaluationService, crippled: EvaluationService
) -> None:
    assert service.load().offline_evaluator
    health = crippled.load()
    assert (health.version, health.offline_evaluator) == ("1.2.3", False)
    assert "AI005" in health.message


async def test_a_server_that_let_its_time_pass_is_not_waited_for_again(
    service: EvaluationService,
) -> None:
    with serving(lambda *_: Reply(None)) as stub:
        asked = request(stub.base_url)
        assert asked.llm
        hasty = msgspec.structs.replace(
            asked, llm=msgspec.structs.replace(asked.llm, timeout_seconds=0.3)
        )
        first, second = await service.evaluate(hasty), await service.evaluate(asked)
        assert len(stub.asked) == 1
    assert [found.fallback and found.fallback.code for found in (first, second)] == ["AI002"] * 2
    assert "did not answer a moment ago" in second.reason
