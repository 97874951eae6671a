"""Puts the data service together: what it is asked through, what it keeps, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renderer.data_service.cache import ReplyCache
from renderer.data_service.cached_access import CachedDataAccess
from renderer.data_service.service import DataService
from renderer.data_service.ways import Ways
from shared_contracts.envelope import Event, Way
from shared_contracts.metrics import CacheMetrics, RendererMetrics


@dataclass(frozen=True, slots=True)
class Parts:
    """Those that others deal with."""

    service: DataService
    ways: Ways
    cache: ReplyCache

    def numbers(self) -> RendererMetrics:
        """How the cache does, and how long the main process takes as it is seen from here."""
        counts = self.cache.counts()
        cache = CacheMetrics(
            hit_rate=counts.hit_rate,
            miss_rate=counts.miss_rate,
            eviction_rate=counts.eviction_rate,
            hits=counts.hits,
            misses=counts.misses,
            evictions=counts.evicted,
            entries=counts.entries,
            size_bytes=counts.bytes,
        )
        return RendererMetrics(cache=cache, round_trip=self.ways.round_trips.load())


def make_data_service(on_event: Callable[[Event], None], *, caching: bool = True) -> Parts:
    """A data service that `ways.connect` connects; `on_event` hears of each event as well.

    Without `caching` it asks the main process each time.
    """
    cache = ReplyCache()

    def spread(event: Event) -> None:
        # First forgotten, then told: who hears of a change asks at once how things are now.
        cache.changed(event.topic)
        on_event(event)
        service.publish(event)

    def turn(way: Way, *, chosen: bool) -> None:
        if way == "none":
            cache.close()
        else:
            cache.open()
        service.take_way(way, chosen=chosen)

    ways = Ways(spread, turn)
    access = CachedDataAccess(ways, cache) if caching else ways
    service = DataService(access, ways.send_sound)
    return Parts(service, ways, cache)
