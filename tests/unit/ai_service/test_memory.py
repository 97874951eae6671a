"""What is let go is freed, and nothing else is harmed."""

from __future__ import annotations

import weakref

from ai_service.memory import give_back


class Heavy:
    """Refers to itself, so that only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_nobody_refers_to_is_freed() -> None:
    gone = weakref.ref(Heavy())
    give_back()
    give_back()
    assert gone() is None
