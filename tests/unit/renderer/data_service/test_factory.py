"""Put together: a change is forgotten before anybody is told of it, and all of it in a gap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest

from renderer.data_service.factory import Parts, make_data_service
from shared_contracts.channels import QUESTIONS_GET
from shared_contracts.envelope import Event, RawRequest, RawResponse, WayTaken
from tests.unit.renderer.conftest import MainProcess

SECONDS = 20.0


class Page:
    """An open page, which asks again whenever it hears of a change."""

    def __init__(self, parts: Parts, main: MainProcess) -> None:
        self.parts = parts
        self.main = main
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        parts.service.subscribe(self.heard.put_nowait)

    async def ask(self) -> object:
        request = RawRequest(
            id="7", timestamp=1, channel=QUESTIONS_GET.name, payload=msgspec.Raw(b"{}")
        )
        answer = await self.parts.service.answer(msgspec.json.encode(request))
        return msgspec.json.decode(msgspec.json.decode(answer, type=RawResponse).data)

    async def read(self, data: object) -> None:
        """Ask, and have it answered by the main process."""
        asking = asyncio.create_task(self.ask())
        self.main.answer(await asyncio.wait_for(self.main.asked.get(), SECONDS), data)
        assert await asking == data

    async def until(self, message: Event | WayTaken) -> None:
        async with asyncio.timeout(SECONDS):
            while msgspec.json.decode(await self.heard.get(), type=Event | WayTaken) != message:
                pass


@pytest.fixture
async def page(main_process: MainProcess) -> AsyncIterator[Page]:
    events: list[Event] = []
    parts = make_data_service(events.append)
    page = Page(parts, main_process)
    parts.ways.connect(main_process.connect)
    await page.until(WayTaken(way="ipc"))
    yield page
    await parts.ways.close()
    assert all(isinstance(event, Event) for event in events)


async def test_what_was_read_is_known_until_it_changes(page: Page) -> None:
    await page.read([1])
    assert await page.ask() == [1]
    page.main.send(Event(topic="questions"))
    await page.until(Event(topic="questions"))
    await page.read([1, 2])
    counts = page.parts.cache.counts()
    assert (counts.hits, counts.misses, counts.dropped) == (1, 2, 1)


async def test_without_caching_the_main_process_is_asked_each_time(
    main_process: MainProcess,
) -> None:
    parts = make_data_service(lambda _event: None, caching=False)
    page = Page(parts, main_process)
    parts.ways.connect(main_process.connect)
    await page.until(WayTaken(way="ipc"))
    await page.read([1])
    await page.read([1])
    assert parts.numbers().cache.entries == 0
    await parts.ways.close()


async def test_the_numbers_tell_of_the_cache_and_of_the_way_to_main(page: Page) -> None:
    await page.read([1])
    await page.ask()
    numbers = page.parts.numbers()
    assert (numbers.cache.hits, numbers.cache.misses, numbers.cache.entries) == (1, 1, 1)
    assert (numbers.cache.hit_rate, numbers.cache.miss_rate) == (0.5, 0.5)
    assert (numbers.round_trip.calls, numbers.round_trip.errors) == (1, 0)
    assert numbers.round_trip.p50_ms > 0


async def test_a_page_that_hears_of_a_change_finds_it_forgotten(page: Page) -> None:
    await page.read([1])
    known: list[int] = []
    page.parts.service.subscribe(lambda _: known.append(page.parts.cache.counts().entries))
    page.main.send(Event(topic="questions"))
    await page.until(Event(topic="questions"))
    assert known[-1] == 0


async def test_after_a_lost_connection_everything_is_asked_anew(page: Page) -> None:
    await page.read([1])
    page.main.hang_up()
    await page.until(WayTaken(way="none"))
    assert page.parts.cache.counts().entries == 0
    await page.until(WayTaken(way="ipc"))
    await page.read([1, 2])


async def test_a_page_that_comes_later_is_told_the_way_too(page: Page) -> None:
    late: list[str] = []
    page.parts.service.subscribe(late.append)
    assert [msgspec.json.decode(text, type=WayTaken) for text in late] == [WayTaken(way="ipc")]
