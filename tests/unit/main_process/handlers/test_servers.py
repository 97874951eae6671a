"""The test of a connection carries the key to the server that it was entered for, and no other."""

from __future__ import annotations

import pytest

from main_process.ai_client import AIClient
from main_process.handlers import servers, settings
from main_process.services import Services
from shared_contracts.errors import AIServiceUnavailableError, KeyNotGivenError
from shared_contracts.evaluation import LLMServer, ServerAnswered, TokensUsed, TryServer
from shared_contracts.settings import SaveSettings

URL = "https://ai.example/v1"
OTHER = "https://other.example/v1"
ANSWERED = ServerAnswered(model="m-1", milliseconds=12, tokens=TokensUsed(sent=9, received=3))
STORED = SaveSettings(llm_base_url=URL, api_key="sk-stored", key_place="session")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[LLMServer]:
    """The servers that the AI service was asked to try."""
    asked: list[LLMServer] = []

    async def try_server(_: AIClient, server: LLMServer) -> ServerAnswered:
        asked.append(server)
        return ANSWERED

    monkeypatch.setattr(AIClient, "try_server", try_server)
    return asked


async def test_what_the_server_says_is_told(app: Services, asked: list[LLMServer]) -> None:
    assert await servers.test(app, TryServer(base_url=URL, model="m")) == ANSWERED
    assert [(one.base_url, one.model) for one in asked] == [(URL, "m")]


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (TryServer(base_url=URL, model="m"), "sk-stored"),
        (TryServer(base_url=URL, model="m", api_key=" sk-typed "), "sk-typed"),
        (TryServer(base_url=OTHER, model="m"), ""),
        (TryServer(base_url=OTHER, model="m", api_key="sk-x"), "sk-x"),
    ],
)
async def test_the_stored_key_goes_to_its_own_server_only(
    app: Services, asked: list[LLMServer], wanted: TryServer, key: str
) -> None:
    await settings.save(app, STORED)
    await servers.test(app, wanted)
    assert [one.api_key for one in asked] == [key]


async def test_a_key_that_is_to_be_entered_again_is_ai020(
    app: Services, asked: list[LLMServer]
) -> None:
    await settings.save(app, STORED)
    app.keys.forget(None)
    with pytest.raises(KeyNotGivenError):
        await servers.test(app, TryServer(base_url=URL, model="m"))
    assert asked == []


async def test_without_the_service_it_is_ai001(app: Services) -> None:
    with pytest.raises(AIServiceUnavailableError):
        await servers.test(app, TryServer(base_url=URL, model="m"))
