"""What a page asked and was told while it was used, without anything that was in it.

`python -m tests.benchmarks.journey.recording` records it anew.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Page, WebSocket, sync_playwright

from tests.benchmarks.journey.plays import PLAYS
from tests.benchmarks.machine import commit, today
from tests.end_to_end.app_driver import CHROMIUM, CHROMIUM_OPTIONS, App, address_in

FILE = Path(__file__).parent / "trace.json"
PLAYED = ("browse", "practise", "look back", "practise", "look back", "browse")
"""Two evenings of somebody who is new to the app."""


class Asked(msgspec.Struct, tag="asked"):
    """A request, and when its answer of `reply_bytes` came. Equal payloads have an equal `key`."""

    ms: float
    channel: str
    key: int
    answered_ms: float = 0.0
    reply_bytes: int = 0


class Told(msgspec.Struct, tag="told"):
    """An event."""

    ms: float
    topic: str


class Play(msgspec.Struct):
    """One part of the trace; all times are since the beginning of the first."""

    name: str
    moments: list[Asked | Told]


class Trace(msgspec.Struct):
    """All plays, in the order in which they were played in one run of the app."""

    date: str
    commit: str
    plays: list[Play]


def load() -> Trace:
    """The trace as it was committed."""
    return msgspec.json.decode(FILE.read_bytes(), type=Trace)


class Recorder:
    """Listens at a page's socket."""

    def __init__(self, page: Page, clock: Callable[[], float]) -> None:
        """`clock` tells milliseconds."""
        self.plays: list[Play] = []
        self._clock = clock
        self._keys: dict[tuple[str, bytes], int] = {}
        self._unanswered: dict[str, Asked] = {}
        page.on("websocket", self._listen)

    def begin(self, name: str) -> None:
        """What comes now belongs to this play."""
        self.plays.append(Play(name, []))

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, text: str | bytes) -> None:
        request: dict[str, Any] = msgspec.json.decode(text)
        named = (request["channel"], msgspec.json.encode(request["payload"]))
        key = self._keys.setdefault(named, len(self._keys))
        self._keep(asked := Asked(self._clock(), request["channel"], key))
        self._unanswered[request["id"]] = asked

    def _received(self, text: str | bytes) -> None:
        message: dict[str, Any] = msgspec.json.decode(text)
        if message["type"] == "event":
            self._keep(Told(self._clock(), message["topic"]))
        elif message["type"] == "response":
            asked = self._unanswered.pop(message["id"])
            asked.answered_ms = self._clock()
            asked.reply_bytes = len(msgspec.json.encode(message.get("data")))

    def _keep(self, moment: Asked | Told) -> None:
        self.plays[-1].moments.append(moment)


def record() -> Trace:
    """Play everything in Chromium and keep what the page says and hears."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        app = App(Path(folder) / "profile", "browser")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        page = browser.new_context(viewport={"width": 1200, "height": 800}).new_page()
        began = time.perf_counter()
        recorder = Recorder(page, lambda: round((time.perf_counter() - began) * 1000, 1))
        recorder.begin(PLAYED[0])
        page.goto(address_in(app.first_line()))
        for number, name in enumerate(PLAYED):
            if number:
                recorder.begin(name)
            PLAYS[name](page)
        browser.close()
        app.stop()
    return Trace(today(), commit(), recorder.plays)


if __name__ == "__main__":
    FILE.write_bytes(msgspec.json.encode(record()) + b"\n")
