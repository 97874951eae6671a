"""The event loops that the socket runs on: they write and gather in different ways."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import uvloop

Factories = dict[str, Callable[[], asyncio.AbstractEventLoop]]


def loops_for(item: pytest.Item, *files: str) -> Factories:
    """Both for the tests in these files, which are of the socket, and asyncio's for the others."""
    factories: Factories = {"asyncio": asyncio.new_event_loop}
    if item.path.name in files:
        factories["uvloop"] = uvloop.new_event_loop
    return factories
