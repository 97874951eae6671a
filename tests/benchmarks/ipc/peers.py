"""What a contender in Python is made of, and what it is told."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from tests.benchmarks.ipc.clients import Client
from tests.benchmarks.ipc.messages import Size


class Order(msgspec.Struct):
    """What to do."""

    size: Size
    count: int
    in_flight: int


class Peer(Protocol):
    """A module of this folder, peer_NAME."""

    WHAT: str

    def serve(self, address: str, ready: Callable[[str], None]) -> None:
        """Listen at the path, or elsewhere; tell where by calling `ready`."""

    async def connect(self, where: str) -> Client:
        """The client."""
        ...


def load(name: str) -> Peer:
    """Raises ImportError when its packages are not there."""
    peer: Any = importlib.import_module(f"tests.benchmarks.ipc.peer_{name}")
    return peer  # type: ignore[no-any-return]
