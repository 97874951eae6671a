"""multiprocessing.connection with its pickle, and nothing but text and numbers in the message."""

from __future__ import annotations

from multiprocessing import connection as ways
from typing import Any

from tests.benchmarks.ipc.messages import Message
from tests.benchmarks.ipc.peer_multiprocessing import Pickled, serve

__all__ = ["serve"]

WHAT = "the same, but ids as text: nobody gets UUIDs out of it; no bar, to compare with"


class Text(Pickled):
    """Its client."""

    @staticmethod
    def objects(message: Message) -> Any:  # noqa: ANN401  what pickle takes
        """The message's values as JSON has them."""
        return message.plain


async def connect(address: str) -> Text:
    return Text(ways.Client(address, "AF_UNIX"))
