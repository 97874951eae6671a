"""The conditions under which all contenders are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.benchmarks.ipc.messages import MESSAGES, Size

MANY = 64


@dataclass(frozen=True, slots=True)
class Group:
    """How large the messages are, how many are under way, and where the processes may run."""

    size: Size
    in_flight: int
    on_one_core: bool

    @property
    def name(self) -> str:
        """As the report calls it."""
        return f"{self.size}, {self.in_flight} at a time, {self.place}"

    @property
    def place(self) -> str:
        """Where the processes run."""
        return "one core" if self.on_one_core else "unpinned"

    @property
    def takes_long(self) -> bool:
        """Whether one pass of everybody takes many seconds."""
        return self.size == "1 MB" and self.in_flight > 1


def groups(*, quick: bool) -> Iterator[Group]:
    """All of them; a quick run leaves out what takes long."""
    for on_one_core in (False, True):
        for size in MESSAGES:
            for in_flight in (1, MANY):
                group = Group(size, in_flight, on_one_core)
                if not (quick and group.takes_long):
                    yield group
