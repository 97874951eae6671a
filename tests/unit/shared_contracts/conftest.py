"""What the tests of the contracts run on."""

from __future__ import annotations

import pytest

from tests.loops import Factories, loops_for


def pytest_asyncio_loop_factories(item: pytest.Item) -> Factories:
    """What these tests run on."""
    return loops_for(item, "test_transport.py")
