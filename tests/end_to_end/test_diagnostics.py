"""The diagnostics: reached by keyboard, drawn under the page's strict policy, and copied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.end_to_end.conftest import OpenApp

INK = """canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return data.some(value => value !== 0);
}"""


def open_diagnostics(page: Page) -> None:
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    page.keyboard.press("Alt+5")
    expect(page.get_by_role("heading", name="Diagnostics")).to_be_visible()


def test_the_numbers_are_live_and_drawn(open_app: OpenApp) -> None:
    driver = open_app()
    page = driver.page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.on("pageerror", lambda error: refused.append(str(error)))
    driver.app.socket.wait_until_ready("ai_service")
    open_diagnostics(page)
    expect(page.locator(".chart canvas")).to_have_count(4)
    for chart in page.locator(".chart canvas").all():
        assert chart.evaluate(INK), "an empty canvas"
    memory = page.get_by_role("img", name="Memory: now")
    expect(memory).to_be_visible()
    processes = page.get_by_role("region", name="Processes")
    expect(processes.get_by_text("Running")).to_have_count(3)
    assert str(driver.app.process.pid) in processes.inner_text()
    calls = page.get_by_role("row", name="db:catalogue:get")
    before = calls.get_by_role("cell").first.inner_text() if calls.count() else "0"
    driver.app.socket.call("db:catalogue:get", {})
    expect(calls.get_by_role("cell").first).to_have_text(str(int(before) + 1))
    assert refused == []


def test_the_report_is_copied_and_names_nobody(open_app: OpenApp) -> None:
    driver = open_app()
    page = driver.page()
    open_diagnostics(page)
    page.get_by_role("button", name="Copy report…").click()
    dialog = page.get_by_role("dialog", name="Report")
    text = dialog.get_by_label("The report's text").inner_text()
    assert str(driver.app.profile) not in text
    dialog.get_by_role("button", name="Copy report").click()
    expect(dialog.get_by_text("It is on the clipboard.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    page.keyboard.press("Alt+3")
    search = page.get_by_role("searchbox", name="Search in questions")
    search.press("Control+V")
    expect(search).to_have_value(re.compile("^Interview App .*data format"))


def test_settings_lead_there(open_app: OpenApp) -> None:
    page = open_app().page()
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Diagnostics").click()
    expect(page.get_by_role("heading", name="Diagnostics")).to_be_visible()
    expect(page.get_by_role("link", name="Settings")).to_have_attribute("aria-current", "page")
