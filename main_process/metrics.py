"""What the main process counts while it runs: calls by channel, failures, and how it was before."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from typing import Any

import msgspec

from shared_contracts.channels import METRICS_GET
from shared_contracts.meter import Meter, load_of, outcome_of
from shared_contracts.metrics import (
    AppMetrics,
    ChannelMetrics,
    IPCMetrics,
    Load,
    Moment,
    RecordedError,
)

KEPT_FAILURES = 50
KEPT_MOMENTS = 90
MOMENT_SECONDS = 10.0
"""So the last quarter of an hour is remembered."""


class Metrics:
    """One for the app; only the event loop's thread counts."""

    def __init__(self) -> None:
        self._channels: dict[str, Meter] = {}
        self._failures: deque[RecordedError] = deque(maxlen=KEPT_FAILURES)
        self._moments: deque[Moment] = deque(maxlen=KEPT_MOMENTS)

    def answered(self, channel: str, seconds: float, code: str = "") -> None:
        """Count an answer to a channel that exists; `code` is set when it was an error."""
        meter = self._channels.get(channel)
        if meter is None:
            meter = self._channels[channel] = Meter()
        meter.record(seconds, outcome_of(code) if code else "ok")
        if code:
            self.failed(channel, code)

    def failed(self, place: str, code: str) -> None:
        """Remember that something failed, by its code alone."""
        self._failures.append(RecordedError(at=datetime.now(UTC), code=code, place=place))

    def ipc(self, round_trip: Load) -> IPCMetrics:
        """Each channel that was ever asked, by name; and all together, but for who asks this."""
        channels = tuple(
            msgspec.convert({"channel": name, **_fields(meter.load())}, ChannelMetrics)
            for name, meter in sorted(self._channels.items())
        )
        together = load_of(
            meter for name, meter in self._channels.items() if name != METRICS_GET.name
        )
        more = {"channels": channels, "round_trip": round_trip}
        return msgspec.convert({**_fields(together), **more}, IPCMetrics)

    def failures(self) -> tuple[RecordedError, ...]:
        """The last ones, oldest first."""
        return tuple(self._failures)

    def remember(self, now: AppMetrics) -> None:
        """Keep what a chart shows of `now`."""
        moment = Moment(
            at=now.at,
            calls_per_minute=now.ipc.calls_per_minute,
            p95_ms=now.ipc.p95_ms,
            queue_depth=now.queue.depth,
            memory_bytes=sum(process.memory_bytes for process in now.processes),
        )
        self._moments.append(moment)

    def history(self) -> tuple[Moment, ...]:
        """What was kept, oldest first."""
        return tuple(self._moments)


def _fields(load: Load) -> dict[str, Any]:
    return msgspec.structs.asdict(load)
