"""Whatever is sent to the app's socket: nothing crashes, hangs or closes, and memory stays flat."""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

import msgspec
import psutil
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared_contracts.channels import CHANNELS
from shared_contracts.envelope import Hello
from shared_contracts.framing import FrameKind, FrameReader, frame, pack_head
from tests.benchmarks.machine import commit, load, machine, today
from tests.benchmarks.report import Bar, Report, Result, holds

CASES = 20_000
QUICK_CASES = 4_000
_EACH = 20
"""So many cases are sent at a stretch; then it is looked whether all is well."""
_WAIT_SECONDS = 10.0
_GROWTH_MB = 8.0
_PING = b'{"id":"ping","timestamp":0,"channel":"app:window:raise","payload":{}}'

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=12,
)
names = st.sampled_from([*CHANNELS, "db:nothing:get", "", "x" * 90]) | st.text(max_size=20)
fields = st.sampled_from(
    sorted({name for each in CHANNELS.values() for name in each.request.__struct_fields__})
)
payloads = anything | st.dictionaries(fields, anything, max_size=4)
requests = st.builds(
    lambda **parts: frame(msgspec.json.encode(parts)),
    id=st.text(max_size=70) | st.integers(),
    timestamp=st.just(1) | anything,
    channel=names,
    payload=payloads,
)
texts = st.builds(
    lambda channel, body: frame(
        b'{"id":"1","timestamp":0,"channel":%s,"payload":%s}' % (channel, body)
    ),
    names.map(msgspec.json.encode),
    st.binary(max_size=60) | st.integers(1, 3_000).map(lambda deep: b"[" * deep),
)
controls = st.builds(
    lambda kind, more: frame(msgspec.json.encode({"type": kind, **more}), FrameKind.CONTROL),
    st.sampled_from(["cancel", "subscribe", "other"]),
    st.dictionaries(st.sampled_from(["id", "topics", "more"]), anything, max_size=3),
)
kinds = st.builds(
    lambda kind, body: pack_head(len(body), kind) + body,
    st.integers(0, 255).filter(lambda kind: kind != FrameKind.PART),
    st.binary(max_size=80),
)
sound = requests | texts | controls | kinds
"""Frames: each is answered or has no answer due, and the connection goes on."""
noise = st.tuples(st.booleans(), st.binary(max_size=200))
"""Bytes, before a hello or after it: that connection may end, with a code."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """How many cases."""
    parser.add_argument("--cases", type=int, metavar="N", help=f"instead of {CASES:,}")


def run(options: argparse.Namespace) -> Report:
    """Send what hypothesis finds to the backend in a process of its own."""
    load_before = load()
    cases = options.cases or (QUICK_CASES if options.quick else CASES)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder, asyncio.Runner() as runner:
        fuzz = Fuzz(Path(folder), runner)
        try:
            began = time.perf_counter()
            fuzz.send(cases)
            seconds = time.perf_counter() - began
            crashes = not fuzz.is_alive()
        finally:
            fuzz.close()
        here = machine(Path(folder), load_before)
    return Report(
        benchmark="fuzz",
        commit=commit(),
        date=today(),
        machine=here,
        settings={
            "cases": fuzz.cases,
            "frames": fuzz.frames,
            "connections of noise": fuzz.noises,
            "answers by code": ", ".join(f"{code} {n}" for code, n in fuzz.codes.most_common()),
        },
        results=(
            Result(
                "answers",
                "by code; none is a plain answer",
                per_second=round(fuzz.cases / seconds, 1),
                count=sum(fuzz.codes.values()),
                detail=dict(fuzz.codes),
            ),
            Result(
                "memory", "of the backend, in MB, as it went on", detail={"mb": fuzz.memory[::25]}
            ),
        ),
        bars=tuple(_bars(fuzz, cases, crashes=crashes)),
    )


def _bars(fuzz: Fuzz, cases: int, *, crashes: bool) -> list[Bar]:
    quarter = max(1, len(fuzz.memory) // 4)
    early = statistics.median(fuzz.memory[quarter : 2 * quarter] or fuzz.memory)
    growth = round(statistics.median(fuzz.memory[-quarter:]) - early, 2)
    found = [
        ("cases", float(fuzz.cases), ">=", float(cases)),
        ("crashes of the backend", float(crashes), "<=", 0.0),
        ("requests that were not answered in 10 s", float(fuzz.hangs), "<=", 0.0),
        ("connections closed for a frame", float(fuzz.closed), "<=", 0.0),
        ("mistakes of ours (APP003)", float(fuzz.codes["APP003"]), "<=", 0.0),
        ("growth of memory from the second quarter to the last, MB", growth, "<=", _GROWTH_MB),
    ]
    return [
        Bar(name, value, op, limit, holds(value, op, limit))  # type: ignore[arg-type]
        for name, value, op, limit in found
    ]


class Fuzz:
    """The backend's process, what was sent to it, and what came of it."""

    def __init__(self, folder: Path, runner: asyncio.Runner) -> None:
        self.cases = self.frames = self.noises = self.hangs = self.closed = 0
        self.codes: Counter[str] = Counter()
        self.memory: list[float] = []
        self._runner = runner
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(str(folder), theirs), daemon=True)
        self._process.start()
        self._path, self._token = ours.recv()
        self._usage = psutil.Process(self._process.pid)

    def is_alive(self) -> bool:
        """Whether the backend runs, and is the one that was started."""
        return self._process.is_alive()

    def send(self, cases: int) -> None:
        """Have hypothesis make up so many cases, and send them."""

        @settings(
            max_examples=-(-cases // _EACH),
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            st.lists(sound, min_size=_EACH - 2, max_size=_EACH - 2),
            st.lists(noise, min_size=2, max_size=2),
        )
        def some(frames: list[bytes], noises: list[tuple[bool, bytes]]) -> None:
            self._runner.run(self._some(frames, noises))

        while self.cases < cases:
            some()

    def close(self) -> None:
        """End the backend."""
        self._process.kill()
        self._process.join()

    async def _some(self, frames: list[bytes], noises: list[tuple[bool, bytes]]) -> None:
        for is_known, data in noises:
            async with _Line(self) as line:
                if is_known:
                    await line.greet(self._token)
                line.write(data)
        async with _Line(self) as line:
            await line.greet(self._token)
            for each in frames:
                line.write(each)
            self.hangs += not await line.answers()
            self.closed += line.is_closed
        self.cases += len(frames) + len(noises)
        self.frames += len(frames)
        self.noises += len(noises)
        self.memory.append(round(self._usage.memory_info().rss / 1e6, 1))

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A new connection."""
        return await asyncio.open_unix_connection(self._path)


class _Line:
    """One connection."""

    def __init__(self, fuzz: Fuzz) -> None:
        self._fuzz = fuzz
        self._frames = FrameReader()
        self.is_closed = False

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await self._fuzz.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    async def greet(self, token: str) -> None:
        self.write(frame(msgspec.json.encode(Hello(token=token, events=False))))
        await self._until("hello")

    async def answers(self) -> bool:
        """Whether one more request is answered."""
        self.write(frame(_PING))
        return await self._until("ping") or self.is_closed

    async def _until(self, wanted: str) -> bool:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                while data := await self._reader.read(65_536):
                    for body in self._frames.feed(data):
                        if self._count(msgspec.json.decode(body)) == wanted:
                            return True
        except TimeoutError:
            return False
        except ConnectionResetError:
            pass
        self.is_closed = True
        return False

    def _count(self, message: dict[str, Any]) -> str:
        if message["type"] == "event":
            return ""
        self._fuzz.codes[message.get("error", {}).get("code", "none")] += 1
        return str(message["id"])


def _serve(folder: str, tell: Connection[Any, Any]) -> None:
    import uvloop

    uvloop.run(_backend(Path(folder), tell))


async def _backend(folder: Path, tell: Connection[Any, Any]) -> None:
    import logging

    from main_process.ai_client import AIClient
    from main_process.backend import open_backend
    from shared_contracts.child_process import configure_structlog

    configure_structlog()
    logging.getLogger().setLevel(logging.CRITICAL)
    async with open_backend(folder, AIClient(), lambda: ()) as backend:
        tell.send((str(backend.socket_path), backend.token))
        await asyncio.Event().wait()
