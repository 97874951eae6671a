"""Every listener hears every event until it stops listening."""

from __future__ import annotations

from uuid import UUID

from main_process.events import EventBus
from shared_contracts.envelope import Event


def test_everybody_hears_what_is_published() -> None:
    bus, first, second = EventBus(), list[Event](), list[Event]()
    bus.subscribe(first.append)
    stop = bus.subscribe(second.append)
    bus.publish(Event(topic="health"))
    stop()
    bus.changed("sessions", [UUID(int=1)])
    assert second == [Event(topic="health")]
    assert first == [
        Event(topic="health"),
        Event(topic="sessions", ids=("00000000-0000-0000-0000-000000000001",)),
    ]


def test_a_listener_may_stop_while_it_is_told() -> None:
    bus, heard = EventBus(), list[str]()

    def once(event: Event) -> None:
        heard.append(event.topic)
        stop()

    stop = bus.subscribe(once)
    bus.subscribe(lambda event: heard.append(f"{event.topic} again"))
    bus.changed("settings")
    bus.changed("questions")
    assert heard == ["settings", "settings again", "questions again"]
