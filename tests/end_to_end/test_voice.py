"""An answer that is spoken: recorded, written down, judged, heard again, and not lost."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from ai_service.voices.hibari_voice import HibariVoice
from main_process import question_bank
from tests.end_to_end.app_driver import (
    CHROMIUM,
    CHROMIUM_OPTIONS,
    App,
    ChromiumDriver,
    Where,
    WindowDriver,
)

ANSWERS = Path(__file__).parents[1] / "data/graded_answers.toml"
LOOKED_FOR_MS = 30_000
HEARD_MS = 60_000
LOST_MS = 1_000
Driver = WindowDriver | ChromiumDriver


@dataclass
class Said:
    """What the fake microphone hears, to which question."""

    question: str
    text: str
    wav: Path


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    entry = tomllib.loads(ANSWERS.read_text("utf-8"))["answers"][0]
    sentences = re.split(r"(?<=\.)\s+", entry["strong"].strip())
    text = " ".join(sentences[:2])
    wav = tmp_path_factory.mktemp("speech") / "answer.wav"
    wav.write_bytes(HibariVoice().speak(text))
    return Said(entry["question"], text, wav)


@pytest.fixture
def hearing_browser(playwright: Playwright, said: Said) -> Iterator[Browser]:
    options = [*CHROMIUM_OPTIONS, "--use-fake-ui-for-media-stream", *_microphone(said)]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
    yield browser
    browser.close()


@pytest.fixture
def hearing_window(display: dict[str, str], said: Said) -> dict[str, str]:
    """In the window it is our own handler that lets the page have the microphone."""
    return display | {"QTWEBENGINE_CHROMIUM_FLAGS": " ".join(_microphone(said))}


@pytest.fixture
def driver(
    where: Where,
    tmp_path: Path,
    playwright: Playwright,
    hearing_window: dict[str, str],
    hearing_browser: Browser,
) -> Iterator[Driver]:
    profile = tmp_path / "profile"
    driver: Driver = (
        WindowDriver(playwright, profile, hearing_window)
        if where == "window"
        else ChromiumDriver(hearing_browser, profile, hearing_window)
    )
    yield driver
    driver.close()


def _microphone(said: Said) -> list[str]:
    return [
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={said.wav}",
        "--autoplay-policy=no-user-gesture-required",
    ]


def test_a_spoken_answer_is_heard_judged_and_played_again(driver: Driver, said: Said) -> None:
    page, session = _ask(driver, said)
    _record(page, "0:08")
    page.get_by_role("button", name="I have finished").click()
    answer = page.get_by_label("Your answer")
    expect(answer).to_be_focused(timeout=HEARD_MS)
    assert _share_heard(said.text, answer.input_value()) >= 0.7
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()

    page.get_by_role("button", name="Listen word by word").click()
    page.get_by_role("group", name="What was heard").get_by_role("button").nth(3).click()
    expect(page.get_by_role("button", name="Stop listening")).to_be_visible()
    expect(page.locator(".heard-word[aria-current]")).to_be_visible()

    page.get_by_role("button", name="Finish", exact=True).click()
    delivery = page.get_by_role("region", name="How it was said")
    expect(delivery).to_be_visible(timeout=HEARD_MS)
    expect(delivery).to_contain_text(re.compile(r"Pace\d+ words a minute"))
    expect(page.get_by_role("region", name="Evaluation", exact=True)).to_be_visible(
        timeout=HEARD_MS
    )
    delivery.get_by_role("button", name="Listen to the recording").click()
    expect(delivery.get_by_role("button", name="Stop listening")).to_be_visible()

    delivery.get_by_role("button", name="Delete the recording…").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete the recording").click()
    expect(page.get_by_text("The recording is deleted.")).to_be_visible()
    expect(delivery.get_by_role("button", name="Delete the recording…")).to_be_hidden()
    [recording] = _recordings(driver.app, session)
    assert not recording["kept"]


def test_killed_in_the_middle_of_a_recording_at_most_a_second_is_lost(
    driver: Driver, said: Said
) -> None:
    page, session = _ask(driver, said)
    _record(page, "0:05")
    driver.app.kill_everything()
    again = App(driver.app.profile, "headless")
    try:
        while (found := _recordings(again, session)[0])["state"] != "ready":
            again.socket.wait_for_event("recordings")
        heard = again.socket.call("db:recordings:get", {"recording_id": found["id"]})
    finally:
        again.stop()
    assert found["duration_ms"] >= 5_000 - LOST_MS
    assert heard["transcript"]["words"]


def _ask(driver: Driver, said: Said) -> tuple[Page, str]:
    """The page with an interview of this one question, about to be answered by speaking."""
    page = driver.page()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible(
        timeout=LOOKED_FOR_MS
    )
    ids = [str(question_bank.shipped_id(said.question))]
    setup = {"role": "backend-engineer", "question_ids": ids, "question_count": 1}
    session: dict[str, Any] = driver.app.socket.call("db:session:start", {"setup": setup})
    page.evaluate("id => { location.hash = `#/interview/${id}`; }", session["id"])
    page.get_by_role("radio", name="Speak").check(force=True)
    return page, str(session["id"])


def _record(page: Page, until: str) -> None:
    page.keyboard.press("Alt+r")
    expect(page.get_by_role("timer", name="Recorded")).to_have_text(until, timeout=LOOKED_FOR_MS)


def _recordings(app: App, session: str) -> list[dict[str, Any]]:
    found = app.socket.call("db:recordings:list", {"session_id": session})
    items: list[dict[str, Any]] = found["items"]
    return items


def _share_heard(said: str, heard: str) -> float:
    """How much of what was heard is among the words that were said."""
    words = re.findall(r"[a-z']+", heard.lower())
    known = set(re.findall(r"[a-z']+", said.lower()))
    return sum(word in known for word in words) / len(words)
