"""The table of channels holds each by its name, and names follow one form."""

from __future__ import annotations

import re
from typing import Literal

import pytest

from shared_contracts.channels import CHANNELS, TOPICS, Channel
from shared_contracts.envelope import MAX_MESSAGE_BYTES
from shared_contracts.health import Done, GetHealth

PLANNED = {
    "db:questions:get",
    "db:questions:create",
    "db:session:save",
    "db:session:get",
    "db:session:history",
    "db:answers:save",
    "ai:evaluate:request",
    "app:health:get",
    "app:settings:get",
    "app:settings:save",
}


def test_the_planned_channels_are_there() -> None:
    assert CHANNELS.keys() >= PLANNED
    assert all(channel.name == name for name, channel in CHANNELS.items())


@pytest.mark.parametrize("channel", CHANNELS.values(), ids=list(CHANNELS))
def test_a_channel_is_announced_under_known_topics_and_fits_a_frame(
    channel: Channel[object, object],
) -> None:
    assert set(channel.topics) <= set(TOPICS)
    assert channel.kind == "command" or not channel.topics
    assert set(channel.reads) <= set(TOPICS)
    assert channel.max_bytes < MAX_MESSAGE_BYTES
    assert channel.timeout_seconds > 0


@pytest.mark.parametrize(
    "name", ["", "db:questions", "DB:questions:get", "os:shell:run", "db:a:b\n"]
)
def test_any_other_form_of_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(name))):
        Channel(name, "query", GetHealth, Done)


@pytest.mark.parametrize(
    ("kind", "reads", "cache_seconds"),
    [("query", (), 1), ("query", ("sessions",), 0), ("command", ("sessions",), 1)],
)
def test_what_nothing_would_renew_is_not_kept(
    kind: Literal["query", "command"], reads: tuple[str, ...], cache_seconds: float
) -> None:
    with pytest.raises(ValueError, match="db:things:get"):
        Channel("db:things:get", kind, GetHealth, Done, reads=reads, cache_seconds=cache_seconds)
