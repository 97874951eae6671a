"""Whose data this is, which device writes it, and the clock that orders the writes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7

from main_process.database import Transaction

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COUNTER_BITS = 16


def new_id() -> UUID:
    """A UUIDv7: unique everywhere, and later ones sort after earlier ones."""
    return uuid7()


def new_key() -> bytes:
    """The 16 bytes of a new id, where nothing else of it is wanted."""
    return uuid_utils.uuid7().bytes


def now() -> int:
    """Microseconds since 1970, UTC: the unit of every time in the database."""
    return time.time_ns() // 1_000


def to_datetime(microseconds: int) -> datetime:
    """The time as the contracts have it."""
    return _EPOCH + timedelta(microseconds=microseconds)


@dataclass(slots=True)
class HybridClock:
    """Hybrid logical clock: never goes back, and stays near the wall clock.

    Milliseconds since 1970 in the upper bits, a counter in the lower 16.
    Source: Kulkarni et al. 2014, Logical Physical Clocks.
    """

    last: int = 0
    wall_ms: Callable[[], int] = field(default=lambda: time.time_ns() // 1_000_000)

    def tick(self) -> int:
        """A value greater than all before."""
        self.last = max(self.last + 1, self.wall_ms() << _COUNTER_BITS)
        return self.last


@dataclass(frozen=True, slots=True)
class Workspace:
    """The owner of every row here, this device, and its clock."""

    owner: bytes
    device: bytes
    clock: HybridClock


def open_workspace(tx: Transaction) -> Workspace:
    """The workspace of this database; made on the first run."""
    row = tx.execute("SELECT owner_id, id FROM devices").fetchone()
    if row is None:
        row = (new_id().bytes, new_id().bytes)
        tx.execute("INSERT INTO workspaces (id, created_at) VALUES (?, ?)", (row[0], now()))
        tx.execute(
            "INSERT INTO devices (owner_id, id, created_at) VALUES (?, ?, ?)",
            (*row, now()),
        )
    (last,) = tx.execute(
        "SELECT coalesce(max(clock), 0) FROM change_log WHERE owner_id = ?", (row[0],)
    ).fetchone()
    return Workspace(row[0], row[1], HybridClock(last))
