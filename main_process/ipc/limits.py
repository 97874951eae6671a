"""How often, and how many at once, each channel may be asked; the numbers are in its table."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from token_bucket import Limiter, MemoryStorage

from shared_contracts.channels import Channel
from shared_contracts.errors import BusyError, RateLimitedError

MAX_BUCKETS = 1_000
"""Of more pairs of client and channel than this, the ones seen first start anew."""
_TOKENS = "tokens"


class Limits:
    """Counts what is asked, by client and channel, and what is under way, by channel."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._under_way: Counter[str] = Counter()

    def admit(self, channel: Channel[Any, Any], client: str) -> None:
        """Count a request of `client`. Raises RateLimitedError (RATE001) and BusyError (IPC006)."""
        if self._under_way[channel.name] >= channel.at_once:
            raise BusyError(details={"limit": channel.at_once})
        key = (client, channel.name)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(channel)
            if len(self._buckets) > MAX_BUCKETS:
                del self._buckets[next(iter(self._buckets))]
        wait_ms = bucket.take()
        if wait_ms:
            raise RateLimitedError(details={"retry_after_ms": wait_ms})

    def begin(self, channel: Channel[Any, Any]) -> None:
        """Count one more under way."""
        self._under_way[channel.name] += 1

    def end(self, channel: Channel[Any, Any]) -> None:
        """Count one less under way."""
        self._under_way[channel.name] -= 1


class _Bucket:
    """Tokens of one client for one channel."""

    def __init__(self, channel: Channel[Any, Any]) -> None:
        self._per_second = channel.per_second
        self._storage = MemoryStorage()
        self._limiter = Limiter(channel.per_second, channel.burst, self._storage)

    def take(self) -> int:
        """Take a token, or say in how many ms there will be one."""
        if self._limiter.consume(_TOKENS):
            return 0
        missing = 1 - self._storage.get_token_count(_TOKENS)
        return math.ceil(missing / self._per_second * 1000)
