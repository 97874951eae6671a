"""The real model, read once for all tests of the AI service."""

from __future__ import annotations

import pytest

from ai_service.embeddings import Embedder
from ai_service.evaluators.offline import OfflineEvaluator


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return Embedder()


@pytest.fixture(scope="session")
def offline(embedder: Embedder) -> OfflineEvaluator:
    return OfflineEvaluator(embedder)
