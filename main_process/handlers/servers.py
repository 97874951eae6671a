"""`ai:server:test`."""

from __future__ import annotations

import asyncio

from main_process.repositories.settings import StoredSettings
from main_process.services import Services
from shared_contracts.evaluation import LLMServer, ServerAnswered, TryServer

TIMEOUT_SECONDS = 30.0


async def test(app: Services, request: TryServer) -> ServerAnswered:
    """See whether the server answers. Raises the AI codes."""
    stored, _ = await app.database.read(app.settings.get)
    if isinstance(request.api_key, str):
        key = request.api_key.strip()
    else:
        key = await _stored_key(app, stored, request.base_url)
    server = LLMServer(
        base_url=request.base_url,
        model=request.model,
        api_key=key,
        timeout_seconds=TIMEOUT_SECONDS,
    )
    return await app.around.ai.try_server(server)


async def _stored_key(app: Services, stored: StoredSettings, base_url: str) -> str:
    """The key, for the server it was entered for: no other gets it unasked."""
    if base_url != stored.llm_base_url:
        return ""
    return await asyncio.to_thread(app.keys.read, stored.key_place)
