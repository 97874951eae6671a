"""Plays a trace through the real cache: what was asked when, answered when, and what changed."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from renderer.data_service.cache import Key, Mark, ReplyCache
from renderer.data_service.cached_access import CachedDataAccess
from shared_contracts.channels import CHANNELS, Channel
from tests.benchmarks.journey.recording import Asked, Play, Told, Trace


@dataclass
class Counted:
    """What became of the reads of one play.

    Of the ones that main was asked, `first` had never been asked before, `changed` were asked again
    since something they tell of was announced to have changed, and `lost` should have been known.
    """

    name: str
    hits: Counter[str] = field(default_factory=Counter)
    joined: int = 0
    bypassed: int = 0
    first: int = 0
    changed: int = 0
    lost: int = 0

    @property
    def asked(self) -> int:
        """How many had to be answered by the main process, for whatever reason."""
        return self.first + self.changed + self.lost + self.bypassed

    @property
    def reads(self) -> int:
        """All of them."""
        return self.hits.total() + self.joined + self.asked

    @property
    def hit_rate(self) -> float:
        """The share that was answered without asking, alone or together with an equal one."""
        return (self.hits.total() + self.joined) / self.reads if self.reads else 0.0

    @property
    def hit_rate_beyond_first(self) -> float:
        """The same of those that had been asked before."""
        again = self.reads - self.first
        return (self.hits.total() + self.joined) / again if again else 0.0


class Replay:
    """Stands in for the main process, which answers when it did in the recording."""

    def __init__(self) -> None:
        self._now_ms = 0.0
        self._cache = ReplyCache(clock=lambda: self._now_ms / 1000)
        self._cache.open()
        self._access = CachedDataAccess(self, self._cache)
        self._marks: dict[Key, Mark] = {}
        """What each question's answer may have been, when main was asked it last."""
        self._waiting: dict[Key, deque[asyncio.Future[msgspec.Raw]]] = defaultdict(deque)
        self._counted = Counted("")

    async def run(self, trace: Trace) -> list[Counted]:
        """The counts of each play."""
        return [await self._play(play) for play in trace.plays]

    async def request(self, channel: Channel[Any, Any], payload: msgspec.Raw) -> msgspec.Raw:
        """As DataAccessStrategy says."""
        key = Key(channel.name, bytes(payload))
        if channel.reads:
            self._count_miss(key, self._cache.mark(channel))
        reply: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._waiting[key].append(reply)
        return await reply

    async def _play(self, play: Play) -> Counted:
        self._counted = Counted(play.name)
        asking: list[asyncio.Task[msgspec.Raw]] = []
        for self._now_ms, moment, is_answer in _timeline(play):
            if isinstance(moment, Told):
                self._cache.changed(moment.topic)
            elif is_answer:
                self._answer(moment)
            else:
                asking.append(await self._ask(moment))
            await _settle()
        await asyncio.gather(*asking)
        return self._counted

    async def _ask(self, asked: Asked) -> asyncio.Task[msgspec.Raw]:
        channel = CHANNELS[asked.channel]
        before = self._cache.counts()
        task = asyncio.create_task(self._access.request(channel, _payload(asked)))
        await _settle()
        now = self._cache.counts()
        self._counted.hits[channel.name] += now.hits - before.hits
        self._counted.joined += now.joined - before.joined
        self._counted.bypassed += now.bypassed - before.bypassed
        return task

    def _answer(self, asked: Asked) -> None:
        """What was asked first is answered first; nobody waits for what came from the cache."""
        waiting = self._waiting[Key(asked.channel, bytes(_payload(asked)))]
        if waiting:
            waiting.popleft().set_result(msgspec.Raw(b"x" * asked.reply_bytes))

    def _count_miss(self, key: Key, mark: Mark) -> None:
        before = self._marks.get(key)
        if before is None:
            self._counted.first += 1
        elif before != mark:
            self._counted.changed += 1
        else:
            self._counted.lost += 1
        self._marks[key] = mark


def _timeline(play: Play) -> Iterator[tuple[float, Asked | Told, bool]]:
    """Everything in the order in which it happened, a request and its answer apart."""
    line = [(moment.ms, number, moment, False) for number, moment in enumerate(play.moments)]
    line += [
        (moment.answered_ms, number, moment, True)
        for number, moment in enumerate(play.moments)
        if isinstance(moment, Asked)
    ]
    for ms, _, moment, is_answer in sorted(line, key=lambda each: (each[0], each[3], each[1])):
        yield ms, moment, is_answer


def _payload(asked: Asked) -> msgspec.Raw:
    return msgspec.Raw(str(asked.key).encode())


async def _settle() -> None:
    """Let every task go on until it waits for an answer."""
    for _ in range(8):
        await asyncio.sleep(0)
