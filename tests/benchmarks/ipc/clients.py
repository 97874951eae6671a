"""How a client asks: one after the other, or with many under way."""

from __future__ import annotations

import asyncio
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from typing import Protocol

from tests.benchmarks.ipc.messages import Size


class Client(Protocol):
    """Each of these returns how long each exchange took, in nanoseconds."""

    async def one_by_one(self, size: Size, count: int) -> list[int]:
        """Each after the one before."""
        ...

    async def at_once(self, size: Size, count: int, in_flight: int) -> list[int]:
        """So many under way at any time."""
        ...


class AsyncClient(ABC):
    """For event loops."""

    @abstractmethod
    async def ask(self, size: Size) -> None:
        """One exchange, from the struct that is asked to the struct that is answered."""

    async def one_by_one(self, size: Size, count: int) -> list[int]:
        took = []
        for _ in range(count):
            began = time.perf_counter_ns()
            await self.ask(size)
            took.append(time.perf_counter_ns() - began)
        return took

    async def at_once(self, size: Size, count: int, in_flight: int) -> list[int]:
        async def caller() -> list[int]:
            return await self.one_by_one(size, count // in_flight)

        took = await asyncio.gather(*(caller() for _ in range(in_flight)))
        return [one for some in took for one in some]


class BlockingClient(ABC):
    """For calls that block; with many under way one thread sends and the other receives."""

    @abstractmethod
    def send(self, size: Size) -> None:
        """Send the struct."""

    @abstractmethod
    def receive(self, size: Size) -> None:
        """Wait for the next answer's struct; answers come in the order of the questions."""

    def exchange(self, size: Size) -> None:
        """Send one and wait for its answer."""
        self.send(size)
        self.receive(size)

    async def one_by_one(self, size: Size, count: int) -> list[int]:
        took = []
        for _ in range(count):
            began = time.perf_counter_ns()
            self.exchange(size)
            took.append(time.perf_counter_ns() - began)
        return took

    async def at_once(self, size: Size, count: int, in_flight: int) -> list[int]:
        sent: deque[int] = deque()
        turns = threading.Semaphore(in_flight)

        def send_all() -> None:
            for _ in range(count):
                turns.acquire()
                sent.append(time.perf_counter_ns())
                self.send(size)

        sending = threading.Thread(target=send_all)
        sending.start()
        took = []
        for _ in range(count):
            self.receive(size)
            took.append(time.perf_counter_ns() - sent.popleft())
            turns.release()
        sending.join()
        return took
