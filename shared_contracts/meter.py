"""Counts calls and how long they took: over the last minute, and since the start."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from math import ceil, floor, log2
from typing import Literal

from shared_contracts.metrics import Load

Outcome = Literal["ok", "error", "refused"]
"""`refused` is a refusal by a limit, which is how it should be and no error."""
REFUSALS = frozenset({"RATE001", "IPC006", "IPC007"})
"""Codes by which a limit refuses: that is how it should be, and counted apart from errors."""
SLICE_SECONDS = 5
SLICES = 12
"""So the last minute is the last 55 to 60 seconds."""
_STEPS = 8
"""Times are counted by their power of 2 in eighths: a percentile is right within 5 %."""
_FINEST_SECONDS = 1e-6
_MIDDLE = 2 ** (0.5 / _STEPS)


@dataclass(slots=True)
class _Tally:
    """What was counted in one slice of time, or over all of it."""

    number: int = 0
    calls: int = 0
    seconds: float = 0.0
    errors: int = 0
    refusals: int = 0
    steps: Counter[int] = field(default_factory=Counter)

    def count(self, seconds: float, outcome: Outcome) -> None:
        self.calls += 1
        self.seconds += seconds
        if outcome != "ok":
            self.errors += outcome == "error"
            self.refusals += outcome == "refused"
        self.steps[floor(log2(seconds or _FINEST_SECONDS) * _STEPS)] += 1

    def add(self, other: _Tally) -> None:
        self.calls += other.calls
        self.seconds += other.seconds
        self.errors += other.errors
        self.refusals += other.refusals
        self.steps.update(other.steps)


class Meter:
    """Costs half a microsecond a call, nothing while nothing happens, and bounded memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._before = _Tally()
        """All up to the slice that is counted in."""
        self._now = _Tally()
        self._slices: deque[_Tally] = deque([self._now], maxlen=SLICES)

    def record(self, seconds: float, outcome: Outcome = "ok") -> None:
        """Count one call that took so long."""
        number = int(self._clock() // SLICE_SECONDS)
        if self._now.number != number:
            self._before.add(self._now)
            self._now = _Tally(number)
            self._slices.append(self._now)
        self._now.count(seconds, outcome)

    def load(self) -> Load:
        """What was counted."""
        return load_of([self])

    def last_minute(self) -> Iterable[_Tally]:
        """The slices that are still of interest."""
        oldest = int(self._clock() // SLICE_SECONDS) - SLICES
        return [each for each in self._slices if each.number > oldest]

    def total(self) -> _Tally:
        """All since the start."""
        total = _Tally()
        total.add(self._before)
        total.add(self._now)
        return total


def outcome_of(code: str) -> Outcome:
    """What a call with this error's code, or none, counts as."""
    if not code:
        return "ok"
    return "refused" if code in REFUSALS else "error"


def load_of(meters: Iterable[Meter]) -> Load:
    """Several meters read as one."""
    recent, total = _Tally(), _Tally()
    for meter in meters:
        total.add(meter.total())
        for each in meter.last_minute():
            recent.add(each)
    p50, p95, p99 = (_percentile(recent, share) for share in (0.5, 0.95, 0.99))
    return Load(
        calls_per_minute=recent.calls,
        average_latency_ms=_ms(recent.seconds / max(recent.calls, 1)),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        error_rate=recent.errors / max(recent.calls, 1),
        refusal_rate=recent.refusals / max(recent.calls, 1),
        calls=total.calls,
        errors=total.errors,
        refusals=total.refusals,
        seconds=round(total.seconds, 6),
    )


def _percentile(tally: _Tally, share: float) -> float:
    """The time, in ms, that this share of the calls did not exceed; 0 when there were none."""
    left = ceil(share * tally.calls)
    for step, count in sorted(tally.steps.items()):
        left -= count
        if left <= 0:
            return _ms(float(2 ** (step / _STEPS)) * _MIDDLE)
    return 0.0


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 4)
