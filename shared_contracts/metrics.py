"""How much the app does and how well: the plan's AppMetrics, and what else helps to find a fault.

A rate is a part of one. What is called "per minute" was counted over the last minute; the other
counts are since the start of the process that counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from shared_contracts.contract import Contract, Share
from shared_contracts.health import ProcessState

Count = Annotated[int, Meta(ge=0)]
Amount = Annotated[float, Meta(ge=0)]


class Load(Contract):
    """Calls, and how long they took.

    Averages, percentiles and rates are of the last minute. `error_rate` leaves out what a limit
    refused, which `refusal_rate` counts.
    """

    calls_per_minute: Count = 0
    average_latency_ms: Amount = 0
    p50_ms: Amount = 0
    p95_ms: Amount = 0
    p99_ms: Amount = 0
    error_rate: Share = 0
    refusal_rate: Share = 0
    calls: Count = 0
    errors: Count = 0
    refusals: Count = 0
    seconds: Amount = 0


class ChannelMetrics(Load):
    """One channel, as the main process answers it."""

    channel: str


class IPCMetrics(Load):
    """All channels, as the main process answers them; `round_trip` is as the renderer sees it."""

    channels: tuple[ChannelMetrics, ...] = ()
    round_trip: Load = Load()


class DatabaseMetrics(Contract):
    """Units of work, each a read or a write of its own, with the time they wait for their turn.

    The pool is the connections that are open: the writer and the readers.
    """

    queries_per_minute: Count = 0
    average_query_time_ms: Amount = 0
    p95_ms: Amount = 0
    connection_pool_size: Count = 0
    queries: Count = 0
    errors: Count = 0


class QueueMetrics(Contract):
    """Writes that wait for the one writer."""

    depth: Count = 0


class CacheMetrics(Contract):
    """The data service's cache. `eviction_rate` is the share of what came in that had to make room
    for others.
    """

    hit_rate: Share = 0
    miss_rate: Share = 0
    eviction_rate: Share = 0
    hits: Count = 0
    misses: Count = 0
    evictions: Count = 0
    entries: Count = 0
    size_bytes: Count = 0


class RendererMetrics(Contract):
    """What only the renderer can count; it tells main whenever main asks whether it is alive."""

    cache: CacheMetrics = CacheMetrics()
    round_trip: Load = Load()


class ProcessMetrics(Contract):
    """A process with its helpers. `answer_ms` is how long it last took to say that it lives; None
    for main itself, and before the first time.

    `memory_bytes` counts a page that n processes share as 1/n (PSS), `resident_bytes` wholly (RSS).
    """

    name: str
    state: ProcessState
    pid: int | None = None
    uptime_seconds: Amount = 0
    restarts: Count = 0
    answer_ms: Amount | None = None
    processes: Count = 0
    memory_bytes: Count = 0
    resident_bytes: Count = 0
    descriptors: Count = 0


class RecordedError(Contract):
    """That something failed, and nothing of what it was about."""

    at: datetime
    code: str
    place: str
    """The channel, or the part of the app."""


class Moment(Contract):
    """How it was at one time."""

    at: datetime
    calls_per_minute: Count
    p95_ms: Amount
    queue_depth: Count
    memory_bytes: Count


class GetMetrics(Contract):
    """Asks for the numbers, and with `history` for those of the last minutes too."""

    history: bool = False


class AppMetrics(Contract):
    """All of it, as it was `at` that time. `history` and `last_errors` are oldest first."""

    at: datetime
    version: str
    system: str
    python: str
    sqlite: str
    ipc: IPCMetrics
    database: DatabaseMetrics
    cache: CacheMetrics
    queue: QueueMetrics
    processes: tuple[ProcessMetrics, ...]
    last_errors: tuple[RecordedError, ...] = ()
    history: tuple[Moment, ...] = ()
