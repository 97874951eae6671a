"""What the logs say of an interview: all that was done and by which request, nothing of what was
written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, WebSocket, expect

from tests.end_to_end.app_driver import ChromiumDriver, Where, WindowDriver
from tests.openai_stub import Reply, serving

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Driver

MARK = "zanzibarschnecke"
"""In everything that a person writes here, and in the name of their home folder."""
LOUD = {"INTERVIEW_APP_LOG_LEVEL": "DEBUG"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / f"home-of-{MARK}"
    folder.mkdir()
    return folder


@pytest.fixture
def driver(
    where: Where, home: Path, display: dict[str, str], playwright: Playwright, chromium: Browser
) -> Iterator[Driver]:
    environment = display | LOUD | {"HOME": str(home)}
    driver: Driver = (
        WindowDriver(playwright, home / "profile", environment)
        if where == "window"
        else ChromiumDriver(chromium, home / "profile", environment)
    )
    yield driver
    driver.close()


def log_lines(home: Path) -> list[dict[str, Any]]:
    """Of all three logs."""
    files = sorted((home / "profile" / "logs").glob("*.log*"))
    assert {"database.log", "ipc.log", "services.log"} <= {file.name for file in files}
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def marked(words: str) -> str:
    return f"{words} {MARK} {words.upper()}"


def practise_own_question(page: Page, what: str = "index") -> None:
    """Write one and answer it."""
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("button", name="Add a question").click()
    dialog = page.get_by_role("dialog", name="Add a question")
    prompt = marked(f"What does it mean to {what}?")
    dialog.get_by_role("textbox", name="Question").fill(prompt)
    dialog.get_by_role("combobox", name="Topic").fill(f"topic-{MARK}")
    dialog.get_by_role("textbox", name="Key points").fill(marked("An index makes reads quicker."))
    dialog.get_by_role("button", name="Add question").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("searchbox", name="Search in questions").fill(MARK)
    row = page.get_by_role("article", name=prompt)
    row.get_by_role("button", name=prompt).click()
    row.get_by_role("button", name="Practise this question").click()
    page.get_by_label("Your answer").fill(marked("An index makes reads quicker, writes slower."))
    page.get_by_role("button", name="Finish", exact=True).click()


def dispute(page: Page) -> None:
    expect(page.get_by_text("Offline evaluator").first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="This is wrong").click()
    page.get_by_role("textbox").fill(marked("I said so"))
    page.get_by_role("button", name="Keep comment").click()
    expect(page.get_by_text(marked("I said so"))).to_be_visible()


def rename(page: Page) -> None:
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Rename").click()
    title = page.get_by_role("textbox")
    title.fill(marked("My own"))
    title.press("Enter")
    expect(page.get_by_role("link", name=marked("My own"))).to_be_visible()


def use_server(page: Page, base_url: str) -> None:
    """One that refuses the key, and says why in words of the person's."""
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("radio", name="AI server").check(force=True)
    page.get_by_role("textbox", name="Base URL").fill(base_url)
    page.get_by_role("textbox", name="Model").fill(f"model-{MARK}")
    page.get_by_label("API key").fill(f"sk-{MARK}")
    page.get_by_role("radio", name="Private file").check()
    page.get_by_role("button", name="Use this server").click()
    page.get_by_role("button", name="Agree and send").click()


def be_refused(page: Page) -> None:
    """Hand in far too much."""
    page.get_by_role("link", name="Practise").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_label("Your answer").fill(f"{MARK} " * 12_000)
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_text("VAL001")).to_be_visible()


def test_nothing_that_a_person_wrote_is_in_any_log(driver: Driver, home: Path) -> None:
    garbage = Reply(f"{MARK} is no JSON", raw=True)
    with serving(lambda _asked, _before: garbage) as server:
        page = driver.page()
        practise_own_question(page)
        dispute(page)
        rename(page)
        use_server(page, f"{server.base_url}/{MARK}")
        practise_own_question(page, "cache")
        expect(page.get_by_text("Offline evaluator").first).to_be_visible(timeout=60_000)
        be_refused(page)
        driver.app.kill("ai_service")
        driver.app.kill_everything()
    lines = log_lines(home)
    assert [line for line in lines if MARK in json.dumps(line, ensure_ascii=False).lower()] == []
    seen = {(line["logger"].partition(".")[0], line["level"]) for line in lines}
    for part in ("main_process", "renderer", "ai_service"):
        assert (part, "info") in seen
    assert {"debug", "info", "warning"} <= {level for _, level in seen}


class Asked:
    """The requests of a page, by their ids."""

    def __init__(self, page: Page) -> None:
        self.channels: dict[str, str] = {}
        page.on("websocket", self._watch)
        page.reload()

    def of(self, channel: str) -> str:
        """The id of the only request of this channel."""
        (found,) = [asked for asked, name in self.channels.items() if name == channel]
        return found

    def _watch(self, socket: WebSocket) -> None:
        socket.on("framesent", self._note)

    def _note(self, sent: str | bytes) -> None:
        request = json.loads(sent)
        self.channels[request["id"]] = request["channel"]


def test_one_id_leads_through_all_processes(driver: Driver, home: Path) -> None:
    page = driver.page()
    driver.app.socket.wait_until_ready("ai_service")
    asked = Asked(page)
    practise_own_question(page)
    expect(page.get_by_text("Offline evaluator").first).to_be_visible(timeout=60_000)
    driver.close()
    lines = log_lines(home)
    handed_in = asked.of("db:answers:save")
    way = [
        (line["logger"], line.get("child", "main"), line["event"])
        for line in sorted(lines, key=lambda line: str(line["timestamp"]))
        if line.get("request") == handed_in
    ]
    assert set(way) >= {
        ("renderer.data_service.service", "renderer", "answered"),
        ("main_process.ipc.router", "main", "answered"),
        ("ai_service.app", "ai_service", "judged"),
        ("main_process.evaluation_jobs", "main", "evaluated"),
    }
    for line in lines:
        if line["event"] in {"answered", "refused", "judged", "evaluated"}:
            assert line["request"], line
    by_main = {
        line["request"]: line["channel"]
        for line in lines
        if (line["logger"], line["event"]) == ("main_process.ipc.router", "answered")
    }
    by_page = {
        line["request"]: line["channel"]
        for line in lines
        if (line["logger"], line["event"]) == ("renderer.data_service.service", "answered")
    }
    for request, channel in asked.channels.items():
        assert by_page[request] == channel
        assert by_main.get(request, channel) == channel
