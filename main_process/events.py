"""Tells whoever listens what has changed (the Observer of the plan)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from shared_contracts.envelope import Event

Listener = Callable[[Event], None]


class EventBus:
    """Calls every listener, on the event loop's thread, with each event published."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear of every event from now on; call what is returned to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def publish(self, event: Event) -> None:
        """Tell everybody."""
        for listener in tuple(self._listeners):
            listener(event)

    def changed(self, topic: str, ids: Iterable[UUID] = ()) -> None:
        """Tell everybody that `topic`, and of it these ids, is not as it was."""
        self.publish(Event(topic=topic, ids=tuple(map(str, ids))))
