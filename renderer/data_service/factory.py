"""Puts the data service together: what it is asked through, what it keeps, and what it tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renderer.data_service.cache import ReplyCache
from renderer.data_service.cached_access import CachedDataAccess
from renderer.data_service.service import DataService
from renderer.data_service.ways import Ways
from shared_contracts.envelope import Event, Way


@dataclass(frozen=True, slots=True)
class Parts:
    """Those that others deal with."""

    service: DataService
    ways: Ways
    cache: ReplyCache


def make_data_service(on_event: Callable[[Event], None]) -> Parts:
    """A data service that `ways.connect` connects; `on_event` hears of each event as well."""
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
    service = DataService(CachedDataAccess(ways, cache))
    return Parts(service, ways, cache)
