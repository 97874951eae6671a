"""What is kept is bounded, and never given out once it may have changed or is old."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from renderer.data_service.cache import ENTRY_BYTES, CacheCounts, Key, Limits, Mark, ReplyCache
from shared_contracts.channels import CHANNELS, QUESTIONS_GET, SESSION_GET, TOPICS, Channel

KEPT = [channel for channel in CHANNELS.values() if channel.reads]
NUMBERS = st.integers(0, 2)
SMALL = Limits(entries=5, total_bytes=5_000, answer_bytes=2_000)


class Clock:
    """Time as a test has it pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def key(number: int, channel: Channel[Any, Any] = QUESTIONS_GET) -> Key:
    return Key(channel.name, b"%d" % number)


def keep(
    cache: ReplyCache,
    number: int,
    data: bytes = b"data",
    channel: Channel[Any, Any] = QUESTIONS_GET,
) -> None:
    cache.keep(channel, key(number, channel), cache.mark(channel), data)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> ReplyCache:
    cache = ReplyCache(SMALL, clock)
    cache.open()
    return cache


def test_an_answer_is_kept_as_long_as_its_channel_says(cache: ReplyCache, clock: Clock) -> None:
    keep(cache, 1)
    clock.now = QUESTIONS_GET.cache_seconds - 0.001
    assert cache.find(key(1)) == b"data"
    clock.now = QUESTIONS_GET.cache_seconds
    assert cache.find(key(1)) is None
    assert (cache.counts().expired, cache.counts().entries) == (1, 0)


@pytest.mark.parametrize("topic", SESSION_GET.reads)
def test_a_change_drops_what_reads_its_topic_and_nothing_else(
    cache: ReplyCache, topic: str
) -> None:
    keep(cache, 1)
    keep(cache, 2, channel=SESSION_GET)
    cache.changed(topic)
    assert cache.find(key(1)) == b"data"
    assert cache.find(key(2, SESSION_GET)) is None
    assert cache.counts().dropped == 1


def test_an_answer_asked_for_before_a_change_is_not_kept_after_it(cache: ReplyCache) -> None:
    mark = cache.mark(QUESTIONS_GET)
    cache.changed("questions")
    cache.keep(QUESTIONS_GET, key(1), mark, b"old")
    assert cache.find(key(1)) is None


@pytest.mark.parametrize("heard_again", [False, True])
def test_nothing_outlives_a_gap_in_which_changes_are_not_heard(
    cache: ReplyCache, *, heard_again: bool
) -> None:
    keep(cache, 1)
    on_its_way = cache.mark(QUESTIONS_GET)
    cache.close()
    keep(cache, 2)
    if heard_again:
        cache.open()
    cache.keep(QUESTIONS_GET, key(3), on_its_way, b"old")
    assert [cache.find(key(number)) for number in (1, 2, 3)] == [None] * 3


def test_a_change_of_what_nobody_reads_changes_nothing(cache: ReplyCache) -> None:
    keep(cache, 1)
    cache.changed("a topic of a later version")
    assert cache.find(key(1)) == b"data"


def test_the_least_recently_used_makes_room(cache: ReplyCache) -> None:
    for number in range(SMALL.entries):
        keep(cache, number)
    cache.find(key(0))
    keep(cache, 99)
    assert cache.find(key(0)) == b"data"
    assert cache.find(key(1)) is None
    assert cache.counts().evicted == 1


def test_large_answers_make_room_by_their_size_and_too_large_ones_are_not_kept(
    cache: ReplyCache,
) -> None:
    keep(cache, 1, b"x" * 2_000)
    keep(cache, 2, b"x" * 2_000)
    assert cache.find(key(1)) is None
    assert cache.find(key(2)) == b"x" * 2_000
    keep(cache, 3, b"x" * 2_001)
    assert cache.find(key(3)) is None
    assert cache.counts().bytes == 2_000 + len(key(2).payload) + ENTRY_BYTES


def test_the_rates_are_shares_of_all_reads_and_of_all_that_was_kept() -> None:
    counts = CacheCounts(hits=6, misses=2, joined=1, bypassed=1, kept=4, evicted=1)
    assert counts.hit_rate == 0.6
    assert counts.miss_rate == pytest.approx(0.3)
    assert counts.eviction_rate == 0.25
    assert CacheCounts().hit_rate == CacheCounts().miss_rate == CacheCounts().eviction_rate == 0


@dataclass
class Asked:
    """A read under way, and whether its answer will still be true."""

    channel: Channel[Any, Any]
    number: int
    mark: Mark
    answer: bytes
    is_true: bool = True


class CacheMachine(RuleBasedStateMachine):
    """Any order of reading, changing, waiting and not hearing, against a plain model."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.cache = ReplyCache(SMALL, self.clock)
        self.model: dict[Key, tuple[bytes, float]] = {}
        self.asked: list[Asked] = []
        self.answers = 0
        self.hear(heard=True)

    @rule(heard=st.sampled_from([True, True, False]))
    def hear(self, *, heard: bool) -> None:
        if heard:
            self.cache.open()
        else:
            self.cache.close()
        self.heard = heard
        self.forget(lambda _: True)

    @rule(channel=st.sampled_from(KEPT), number=NUMBERS, size=st.integers(0, 2_200))
    def ask(self, channel: Channel[Any, Any], number: int, size: int) -> None:
        self.answers += 1
        answer = (b"%d " % self.answers).ljust(size, b".")
        self.asked.append(Asked(channel, number, self.cache.mark(channel), answer))

    @rule(latest=st.integers(1, 4))
    def arrive(self, latest: int) -> None:
        for one in self.asked[-latest:]:
            the_key = key(one.number, one.channel)
            self.cache.keep(one.channel, the_key, one.mark, one.answer)
            if one.is_true and self.heard:
                self.model[the_key] = (one.answer, self.clock.now + one.channel.cache_seconds)

    @rule(topic=st.sampled_from(TOPICS))
    def change(self, topic: str) -> None:
        self.cache.changed(topic)
        self.forget(lambda channel: topic in channel.reads)

    @rule(seconds=st.floats(0, 700))
    def wait(self, seconds: float) -> None:
        self.clock.now += seconds

    @rule()
    def find(self) -> None:
        for channel, number in itertools.product(KEPT, range(3)):
            found = self.cache.find(key(number, channel))
            if found is not None:
                answer, until = self.model[key(number, channel)]
                assert found == answer
                assert self.clock.now < until

    @invariant()
    def is_bounded(self) -> None:
        counts = self.cache.counts()
        assert counts.entries <= SMALL.entries
        assert counts.bytes <= SMALL.total_bytes
        assert counts.kept == counts.entries + counts.evicted + counts.dropped + counts.expired

    def forget(self, concerns: Callable[[Channel[Any, Any]], bool]) -> None:
        names = {channel.name for channel in KEPT if concerns(channel)}
        self.model = {k: v for k, v in self.model.items() if k.channel not in names}
        for one in self.asked:
            one.is_true = one.is_true and one.channel.name not in names


TestCacheMachine = CacheMachine.TestCase
TestCacheMachine.settings = settings(max_examples=100, stateful_step_count=50)
