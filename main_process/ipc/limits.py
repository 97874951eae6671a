"""How often, and how many at once, each channel may be asked; the numbers are in its table."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from shared_contracts.channels import Channel
from shared_contracts.errors import BusyError, RateLimitedError

MAX_BUCKETS = 1_000
"""Of more pairs of client and channel than this, the ones seen first start anew."""


@dataclass(slots=True)
class _Bucket:
    """Tokens of one client for one channel. The libraries for it cost more than decoding does."""

    tokens: float
    counted_at: float


class Limits:
    """Counts what is asked, by client and channel, and what is under way, by channel."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._under_way: Counter[str] = Counter()

    def admit(self, channel: Channel[Any, Any], client: str, now: float) -> None:
        """Count a request of `client`, made at `now`, in seconds of any clock.

        Raises RateLimitedError (RATE001) and BusyError (IPC006).
        """
        name = channel.name
        if self._under_way.get(name, 0) >= channel.at_once:
            raise BusyError(details={"limit": channel.at_once})
        bucket = self._buckets.get((client, name)) or self._new_bucket(client, channel, now)
        tokens = bucket.tokens + (now - bucket.counted_at) * channel.per_second
        bucket.tokens = min(channel.burst, tokens)
        bucket.counted_at = now
        if bucket.tokens < 1:
            wait_ms = math.ceil((1 - bucket.tokens) / channel.per_second * 1000)
            raise RateLimitedError(details={"retry_after_ms": wait_ms})
        bucket.tokens -= 1

    def begin(self, channel: Channel[Any, Any]) -> None:
        """Count one more under way."""
        self._under_way[channel.name] += 1

    def end(self, channel: Channel[Any, Any]) -> None:
        """Count one less under way."""
        self._under_way[channel.name] -= 1

    def _new_bucket(self, client: str, channel: Channel[Any, Any], now: float) -> _Bucket:
        bucket = self._buckets[client, channel.name] = _Bucket(channel.burst, now)
        if len(self._buckets) > MAX_BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        return bucket
