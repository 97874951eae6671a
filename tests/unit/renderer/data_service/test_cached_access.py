"""Nobody is answered with what was before a change they know of, however things fall together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from renderer.data_service.cache import ReplyCache
from renderer.data_service.cached_access import CachedDataAccess
from shared_contracts.channels import (
    DRAFTS_SAVE,
    HEALTH_GET,
    QUESTIONS_CREATE,
    QUESTIONS_GET,
    SESSION_GET,
    SESSION_SAVE,
    Channel,
)
from shared_contracts.errors import ConnectionLostError, NotFoundError

AnyChannel = Channel[Any, Any]
PAYLOAD = msgspec.Raw(b'{"limit":50}')


@dataclass
class Asked:
    """A request that the main process was asked and has not answered yet."""

    channel: AnyChannel
    reply: asyncio.Future[msgspec.Raw]
    data: bytes = b""

    def answer(self, data: bytes = b"") -> None:
        if not self.reply.done():
            self.reply.set_result(msgspec.Raw(data or self.data))

    def fail(self, error: Exception) -> None:
        self.reply.set_exception(error)


class Main:
    """Holds what it is asked until the test has it answered."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    async def request(self, channel: AnyChannel, payload: msgspec.Raw) -> msgspec.Raw:
        self.asked.append(Asked(channel, asyncio.get_running_loop().create_future()))
        return await self.asked[-1].reply


class Service:
    """A cache in front of such a main process."""

    def __init__(self) -> None:
        self.main = Main()
        self.cache = ReplyCache()
        self.cache.open()
        self.access = CachedDataAccess(self.main, self.cache)

    def ask(
        self, channel: AnyChannel = QUESTIONS_GET, payload: msgspec.Raw = PAYLOAD
    ) -> asyncio.Task[msgspec.Raw]:
        return asyncio.create_task(self.access.request(channel, payload))

    async def read(self, data: bytes, channel: AnyChannel = QUESTIONS_GET) -> None:
        """Ask, and have it answered with `data`."""
        task = self.ask(channel)
        await settle()
        self.main.asked[-1].answer(data)
        assert bytes(await task) == data


async def settle() -> None:
    """Let every task go on until it has to wait for the test."""
    for _ in range(8):
        await asyncio.sleep(0)


@pytest.fixture
async def service() -> Service:
    return Service()


async def test_the_second_read_is_answered_without_asking(service: Service) -> None:
    await service.read(b"[1]")
    assert bytes(await service.ask()) == b"[1]"
    assert len(service.main.asked) == 1
    counts = service.cache.counts()
    assert (counts.misses, counts.hits) == (1, 1)


async def test_another_payload_is_another_question(service: Service) -> None:
    await service.read(b"[1]")
    other = service.ask(payload=msgspec.Raw(b'{"limit":51}'))
    await settle()
    service.main.asked[-1].answer(b"[2]")
    assert bytes(await other) == b"[2]"


async def test_equal_reads_at_once_are_asked_once(service: Service) -> None:
    tasks = [service.ask() for _ in range(5)]
    await settle()
    (asked,) = service.main.asked
    asked.answer(b"[1]")
    assert {bytes(data) for data in await asyncio.gather(*tasks)} == {b"[1]"}
    assert (service.cache.counts().misses, service.cache.counts().joined) == (1, 4)


async def test_an_error_reaches_all_who_asked_and_is_not_kept(service: Service) -> None:
    tasks = [service.ask() for _ in range(2)]
    await settle()
    service.main.asked[0].fail(NotFoundError())
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results] == [NotFoundError] * 2
    await service.read(b"[1]")


async def test_who_gives_up_leaves_the_others_their_answer(service: Service) -> None:
    first, second = service.ask(), service.ask()
    await settle()
    first.cancel()
    await settle()
    service.main.asked[0].answer(b"[1]")
    assert bytes(await second) == b"[1]"


async def test_the_last_who_gives_up_calls_the_question_off(service: Service) -> None:
    first, second = service.ask(), service.ask()
    await settle()
    first.cancel()
    second.cancel()
    late = service.ask()
    await settle()
    assert service.main.asked[0].reply.cancelled()
    service.main.asked[1].answer(b"[1]")
    assert bytes(await late) == b"[1]"


@pytest.mark.parametrize("error", [None, NotFoundError(), ConnectionLostError()])
async def test_after_a_command_what_it_announces_is_asked_anew(
    service: Service, error: Exception | None
) -> None:
    """Also after one that failed: it may have been carried out all the same."""
    await service.read(b"[1]")
    command = service.ask(QUESTIONS_CREATE)
    await settle()
    if error:
        service.main.asked[-1].fail(error)
    else:
        service.main.asked[-1].answer(b"{}")
    await asyncio.wait([command])
    assert command.exception() is error
    await service.read(b"[1,2]")


async def test_a_command_leaves_what_it_does_not_announce(service: Service) -> None:
    await service.read(b"[1]")
    command = service.ask(SESSION_SAVE)
    await settle()
    service.main.asked[-1].answer(b"{}")
    await command
    assert bytes(await service.ask()) == b"[1]"


async def test_what_is_never_kept_is_asked_each_time(service: Service) -> None:
    await service.read(b"{}", HEALTH_GET)
    await service.read(b"{}", HEALTH_GET)
    assert service.cache.counts().bypassed == 2


COMMANDS = (QUESTIONS_CREATE, SESSION_SAVE, DRAFTS_SAVE)
QUERIES = (QUESTIONS_GET, SESSION_GET)
TOPICS: list[str] = [topic for channel in COMMANDS for topic in channel.topics]
Versions = dict[str, int]


@dataclass
class World:
    """Pages that ask, a main process that changes, and news of that under way between them."""

    service: Service = field(default_factory=Service)
    versions: Versions = field(default_factory=lambda: dict.fromkeys(TOPICS, 0))
    known: Versions = field(default_factory=lambda: dict.fromkeys(TOPICS, 0))
    """What the pages have been told: by an answer to a command of theirs, or by an event."""
    news: list[tuple[str, int]] = field(default_factory=list)
    reads: list[tuple[AnyChannel, Versions, asyncio.Task[msgspec.Raw]]] = field(
        default_factory=list
    )
    writes: list[asyncio.Task[None]] = field(default_factory=list)
    hears: bool = True

    async def read(self, number: int) -> None:
        channel = QUERIES[number % len(QUERIES)]
        self.reads.append((channel, dict(self.known), self.service.ask(channel)))

    async def write(self, number: int) -> None:
        channel = COMMANDS[number % len(COMMANDS)]
        self.writes.append(asyncio.create_task(self._see_through(channel)))

    async def write_of_others(self, number: int) -> None:
        self._commit(COMMANDS[number % len(COMMANDS)])

    async def execute(self, number: int) -> None:
        """Main does what it was asked, whose answer is on its way from then on."""
        if waiting := [asked for asked in self.service.main.asked if not asked.data]:
            asked = waiting[number % len(waiting)]
            if asked.channel.kind == "command":
                self._commit(asked.channel)
            asked.data = msgspec.json.encode(self.versions)

    async def answer(self, number: int) -> None:
        asked = self.service.main.asked
        if ready := [one for one in asked if one.data and not one.reply.done()]:
            ready[number % len(ready)].answer()

    async def hear(self, _: int) -> None:
        """The next event arrives, before or after the answer that it belongs to."""
        if self.news:
            topic, version = self.news.pop(0)
            self.service.cache.changed(topic)
            self.known[topic] = max(self.known[topic], version)

    async def lose_or_find_events(self, _: int) -> None:
        self.hears = not self.hears
        self.news.clear()
        if self.hears:
            self.service.cache.open()
            self.known.update(self.versions)
        else:
            self.service.cache.close()

    async def give_up(self, number: int) -> None:
        if self.reads:
            self.reads[number % len(self.reads)][2].cancel()

    async def finish(self) -> None:
        """Answer everybody, and see that nobody got what they knew to be over."""
        while any(not asked.reply.done() for asked in self.service.main.asked):
            await self.execute(0)
            await self.answer(0)
            await settle()
        for channel, known, task in self.reads:
            if not task.cancelled():
                got: Versions = msgspec.json.decode(await task)
                assert all(got[topic] >= known[topic] for topic in channel.reads if topic in got)
        await asyncio.gather(*self.writes)

    def _commit(self, channel: AnyChannel) -> None:
        for topic in channel.topics:
            self.versions[topic] += 1
            if self.hears:
                self.news.append((topic, self.versions[topic]))

    async def _see_through(self, channel: AnyChannel) -> None:
        told: Versions = msgspec.json.decode(await self.service.ask(channel))
        for topic in channel.topics:
            self.known[topic] = max(self.known[topic], told[topic])


Step = tuple[Callable[[World, int], Any], int]
STEPS = st.sampled_from(
    [
        *[World.read] * 4,
        World.write,
        World.write_of_others,
        *[World.execute] * 3,
        *[World.answer] * 3,
        *[World.hear] * 2,
        World.lose_or_find_events,
        World.give_up,
    ]
)


@settings(max_examples=300)
@given(st.lists(st.tuples(STEPS, st.integers(0, 5)), min_size=20, max_size=60))
async def test_no_read_is_answered_with_less_than_was_known_when_it_was_made(
    steps: list[Step],
) -> None:
    world = World()
    for step, number in steps:
        await step(world, number)
        await settle()
    await world.finish()
