"""Each client has its own tokens for each channel; what is under way is counted for all."""

from __future__ import annotations

from typing import Any

import pytest

from main_process.ipc import limits
from main_process.ipc.limits import Limits
from shared_contracts.channels import CHANNELS, Channel
from shared_contracts.errors import BusyError, RateLimitedError
from shared_contracts.health import Done, GetHealth

NOW = 5.0


def channel(name: str = "app:note:keep", **numbers: Any) -> Channel[GetHealth, Done]:  # noqa: ANN401
    return Channel(name, "command", GetHealth, Done, **numbers)


def test_a_client_out_of_tokens_is_told_when_the_next_one_comes() -> None:
    rare = channel(per_second=0.1, burst=3)
    counted = Limits()
    for _ in range(3):
        counted.admit(rare, "one", NOW)
    with pytest.raises(RateLimitedError) as raised:
        counted.admit(rare, "one", NOW)
    assert raised.value.details == {"retry_after_ms": 10_000}
    counted.admit(rare, "one", NOW + 10)
    counted.admit(rare, "another", NOW)
    counted.admit(channel("app:note:other", per_second=0.1, burst=3), "one", NOW)


def test_what_ended_is_not_under_way() -> None:
    single = channel(at_once=1)
    counted = Limits()
    counted.admit(single, "one", NOW)
    counted.begin(single)
    with pytest.raises(BusyError):
        counted.admit(single, "another", NOW)
    counted.end(single)
    counted.admit(single, "another", NOW)


def test_clients_without_number_fill_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BUCKETS", 2)
    rare = channel(per_second=0.001, burst=1)
    counted = Limits()
    for client in ("a", "b", "c"):
        counted.admit(rare, client, NOW)
    with pytest.raises(RateLimitedError):
        counted.admit(rare, "c", NOW)
    counted.admit(rare, "a", NOW)


@pytest.mark.parametrize("one", CHANNELS.values(), ids=list(CHANNELS))
def test_nobody_at_work_comes_near_a_limit(one: Channel[object, object]) -> None:
    """Twenty a second is quicker than anybody types, pages or clicks."""
    rare = one.name in {"ai:server:test", "app:data:wipe"}
    assert one.burst >= (10 if rare else 200)
    assert one.per_second >= (1 if rare else 20)
    assert one.at_once >= 1
