"""Keeps answers as the bytes they came in: bounded, for a time, until they may have changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import cachetools
import msgspec

from shared_contracts.channels import TOPICS, Channel

ENTRY_BYTES = 600
"""What an entry takes beside the bytes of question and answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is kept at most; an answer of more than `answer_bytes` isn't kept at all."""

    entries: int = 500
    total_bytes: int = 16 * 1024 * 1024
    answer_bytes: int = 2 * 1024 * 1024


class Key(NamedTuple):
    """What was asked."""

    channel: str
    payload: bytes


Mark = tuple[int, ...]
"""How often what an answer reads had changed when it was asked for."""


class CacheCounts(msgspec.Struct, frozen=True):
    """What became of the reads so far, and what is held now.

    `joined` were answered together with an equal read under way, `bypassed` are of channels whose
    answers aren't kept. `evicted` had to make room, `dropped` may have changed, `expired` were old.
    """

    hits: int = 0
    misses: int = 0
    joined: int = 0
    bypassed: int = 0
    kept: int = 0
    evicted: int = 0
    dropped: int = 0
    expired: int = 0
    entries: int = 0
    bytes: int = 0

    @property
    def hit_rate(self) -> float:
        """The share of all reads that was answered from here, 0 to 1."""
        return self._share(self.hits)

    @property
    def miss_rate(self) -> float:
        """The share of all reads for which the main process was asked, 0 to 1."""
        return self._share(self.misses + self.bypassed)

    @property
    def eviction_rate(self) -> float:
        """The share of the answers kept that had to make room for others, 0 to 1."""
        return self.evicted / self.kept if self.kept else 0.0

    def _share(self, reads: int) -> float:
        total = self.hits + self.misses + self.joined + self.bypassed
        return reads / total if total else 0.0


class ReplyCache:
    """The answers of queries, by channel and payload.

    It is closed until events of changes come in (`open`), and while they don't (`close`): what is
    kept then could be old without anybody saying so.
    """

    def __init__(
        self, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits or Limits()
        self._store = _Store(self._limits.total_bytes, clock)
        self._changes = dict.fromkeys(TOPICS, 0)
        self._is_open = False
        self._counts = dict.fromkeys(("hits", "misses", "joined", "bypassed", "kept", "dropped"), 0)

    def open(self) -> None:
        """Keep answers from now on; nothing of before, which may have changed unheard."""
        self._forget_all()
        self._is_open = True

    def close(self) -> None:
        """Keep nothing, answer nothing."""
        self._is_open = False
        self._forget_all()

    def find(self, key: Key) -> bytes | None:
        """The answer, if it is here and still true."""
        found = self._store.get(key)
        self.count("misses" if found is None else "hits")
        return found and found.data

    def count(self, what: str) -> None:
        """One more of `what` CacheCounts has."""
        self._counts[what] += 1

    def mark(self, channel: Channel[Any, Any]) -> Mark:
        """What to hold on to while asking, so that an answer that is out of date isn't kept."""
        return tuple(self._changes[topic] for topic in channel.reads)

    def keep(self, channel: Channel[Any, Any], key: Key, mark: Mark, data: bytes) -> None:
        """Keep the answer, unless what it reads has changed since the mark was taken."""
        if not self._is_open or mark != self.mark(channel):
            return
        if len(data) > self._limits.answer_bytes:
            return
        if self._store.pop(key, None):
            self.count("dropped")
        while len(self._store) >= self._limits.entries:
            self._store.popitem()
        size = len(key.payload) + len(data) + ENTRY_BYTES
        self._store[key] = _Kept(data, channel.reads, channel.cache_seconds, size)
        self.count("kept")

    def changed(self, topic: str) -> None:
        """Forget what reads `topic`, and keep no answer to it that is still on its way."""
        if topic not in self._changes:
            return
        self._changes[topic] += 1
        outdated = [key for key, kept in self._store.items() if topic in kept.reads]
        for key in outdated:
            del self._store[key]
        self._counts["dropped"] += len(outdated)

    def counts(self) -> CacheCounts:
        """How it does."""
        self._store.expire()
        return CacheCounts(
            **self._counts,
            evicted=self._store.evicted,
            expired=self._store.expired,
            entries=len(self._store),
            bytes=int(self._store.currsize),
        )

    def _forget_all(self) -> None:
        for topic in self._changes:
            self._changes[topic] += 1
        self._counts["dropped"] += len(self._store)
        self._store.clear()


class _Kept(NamedTuple):
    data: bytes
    reads: tuple[str, ...]
    seconds: float
    size: int


class _Store(cachetools.TLRUCache[Key, _Kept]):
    """cachetools' least recently used first, each with its own time, counting what goes."""

    def __init__(self, total_bytes: int, clock: Callable[[], float]) -> None:
        super().__init__(
            total_bytes,
            ttu=lambda _key, kept, now: now + kept.seconds,
            timer=clock,
            getsizeof=lambda kept: kept.size,
        )
        self.evicted = 0
        self.expired = 0

    def popitem(self) -> tuple[Key, _Kept]:
        self.evicted += 1
        return super().popitem()

    def expire(self, time: float | None = None) -> list[tuple[Key, _Kept]]:
        gone = list(super().expire(time))
        self.expired += len(gone)
        return gone
