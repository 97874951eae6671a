"""Asks only for what isn't known: answers from the cache, and equal reads together."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from renderer.data_service.cache import Key, Mark, ReplyCache
from renderer.data_service.data_access import DataAccessStrategy
from shared_contracts.channels import Channel


class CachedDataAccess:
    """A way to ask that remembers; to whoever asks it looks like the way behind it."""

    def __init__(self, access: DataAccessStrategy, cache: ReplyCache) -> None:
        self._access = access
        self._cache = cache
        self._flights: dict[Key, _Flight] = {}

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        """As DataAccessStrategy says."""
        if channel.kind == "command":
            return await self._command(channel, payload)
        if not channel.reads:
            self._cache.count("bypassed")
            return await self._access.request(channel, payload)
        key = Key(channel.name, bytes(payload))
        flight = self._flights.get(key)
        mark = self._cache.mark(channel)
        if flight and flight.may_be_joined(mark):
            self._cache.count("joined")
            return msgspec.Raw(await flight.arrival())
        found = self._cache.find(key)
        if found is not None:
            return msgspec.Raw(found)
        return msgspec.Raw(await self._take_off(channel, key, mark).arrival())

    async def _command(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        """Whatever became of it, nobody is told so before what it may have changed is forgotten.

        The event that announces it may come later, when the two travel apart.
        """
        try:
            return await self._access.request(channel, payload)
        finally:
            for topic in channel.topics:
                self._cache.changed(topic)

    def _take_off(self, channel: Channel[Any, Any], key: Key, mark: Mark) -> _Flight:
        flight = _Flight(mark, asyncio.create_task(self._fetch(channel, key, mark)))
        self._flights[key] = flight
        flight.task.add_done_callback(lambda _: self._land(key, flight))
        return flight

    def _land(self, key: Key, flight: _Flight) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    async def _fetch(self, channel: Channel[Any, Any], key: Key, mark: Mark) -> bytes:
        # A copy: the answer is a piece of a larger buffer, which would be kept with it.
        data = bytes(await self._access.request(channel, msgspec.Raw(key.payload)))
        self._cache.keep(channel, key, mark, data)
        return data


class _Flight:
    """One read under way, and how many wait for it."""

    def __init__(self, mark: Mark, task: asyncio.Task[bytes]) -> None:
        self.mark = mark
        self.task = task
        self._waiting = 0

    def may_be_joined(self, mark: Mark) -> bool:
        """Not after a change: it took off before, and may bring what was then."""
        return self.mark == mark and not self.task.cancelling()

    async def arrival(self) -> bytes:
        """The answer. Who gives up waiting leaves the others theirs; the last one calls it off."""
        self._waiting += 1
        try:
            return await asyncio.shield(self.task)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self.task.cancel()
