"""What several tests of the database need."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator

import pytest


@pytest.fixture
async def no_thread_stays() -> AsyncIterator[None]:
    """Every connection's thread ends, that of one that could not be opened too."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)
        assert not thread.is_alive()
